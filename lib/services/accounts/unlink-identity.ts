import { AppError } from "@/lib/domain/errors";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Identities } from "@/lib/domain/ports/identities";
import { confirmedUser } from "./change-password";

type Needs = Parameters<typeof confirmedUser>[0] & Pick<Identities, "unlinkIdentities"> & Actor;

/**
 * From then on the user signs in with the password only. It is asked for, so no one loses their last way in.
 * @throws AppError NO_ACCOUNT, PASSWORD_WRONG, OIDC_NOT_LINKED, TOO_MANY_ATTEMPTS, SIGN_IN_BUSY
 */
export async function unlinkIdentity(ctx: Needs, password: string): Promise<void> {
  const user = await confirmedUser(ctx, password);
  const audit = { actor: ctx.actor, action: "user.identity_unlinked", details: { user: user.name } };
  if (!(await ctx.unlinkIdentities(user.id, audit, ctx.now())))
    throw new AppError("OIDC_NOT_LINKED", "No identity at a provider is linked to you.");
}
