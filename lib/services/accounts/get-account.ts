import type { Identity } from "@/lib/domain/access";
import { AppError } from "@/lib/domain/errors";
import type { SecondFactors, Users } from "@/lib/domain/ports/accounts";
import type { Asker } from "@/lib/domain/ports/audit";
import type { Identities, LinkedIdentity } from "@/lib/domain/ports/identities";
import type { User } from "@/lib/domain/user";

export type Account = {
  readonly who: Identity;
  /** null: who asks is not a user. */
  readonly user: User | null;
  /** How many are left; null: there is no second factor. */
  readonly recoveryCodes: number | null;
  /** At a provider; null: none is linked. */
  readonly identity: LinkedIdentity | null;
};

/** @throws AppError SIGNED_OUT */
export async function getAccount(
  ctx: Pick<Users, "findUser"> &
    Pick<SecondFactors, "findSecondFactor"> &
    Pick<Identities, "findIdentity"> &
    Asker,
): Promise<Account> {
  const { who } = ctx;
  if (who === null) throw new AppError("SIGNED_OUT", "You are not signed in. Sign in at /sign-in.");
  const user = who.userId === null ? null : await ctx.findUser(who.userId as User["id"]);
  const second = user?.hasSecondFactor ? await ctx.findSecondFactor(user.id) : null;
  const identity = user === null ? null : await ctx.findIdentity(user.id);
  return { who, user, recoveryCodes: second?.recovery.length ?? null, identity };
}
