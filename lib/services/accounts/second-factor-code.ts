import type { AuthHost, SecondFactors } from "@/lib/domain/ports/accounts";
import type { Asker } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import { aboutSecondFactor } from "@/lib/domain/sealing";
import type { SecondFactor, User } from "@/lib/domain/user";

export type CodeNeeds = Pick<AuthHost, "totpStep" | "unseal" | "hashOf"> &
  Pick<SecondFactors, "takeStep" | "takeRecoveryCode"> &
  Pick<Here, "now"> &
  Pick<Asker, "client">;

/** Whether it is the app's code of now, or a recovery code that was not used. Each is accepted once, also of two requests at the same moment. */
export async function isCodeRight(
  ctx: CodeNeeds,
  user: User,
  { secret, lastStep }: SecondFactor,
  typed: string,
): Promise<boolean> {
  const code = typed.replaceAll(/\s/g, "");
  const now = ctx.now();
  if (/^\d{6}$/.test(code)) {
    const step = ctx.totpStep(ctx.unseal(secret, aboutSecondFactor(user.id)), code, now);
    return step !== null && step > lastStep && (await ctx.takeStep(user.id, step));
  }
  const by = { via: "session", viaId: null, address: ctx.client.address } as const;
  const audit = { actor: user.name, action: "user.recovery_code_used", details: { user: user.name }, by };
  return ctx.takeRecoveryCode(user.id, ctx.hashOf(plain(code)), audit, now);
}

/** As it is kept: people leave out the hyphen, or type capitals. */
export function plain(recoveryCode: string): string {
  return recoveryCode.toLowerCase().replaceAll(/[^0-9a-z]/g, "");
}
