import type { AuthHost, Users } from "@/lib/domain/ports/accounts";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { NewIds } from "@/lib/domain/ports/runs";
import type { UserId } from "@/lib/domain/user";
import { refusePassword } from "../commands/user-rules";
import type { CreatedUser } from "./create-user";
import { changedOrRefused, madeUp, unknownUser } from "./user-errors";

type Needs = Pick<Users, "findUser" | "changeUser"> &
  Pick<AuthHost, "hashPassword"> &
  Pick<NewIds, "entropy"> &
  Pick<Here, "now"> &
  Actor;

/**
 * Ends all sessions of the user, who chooses a password of their own at the next sign-in.
 * @param given undefined: one is made up
 * @throws AppError USER_NOT_FOUND, PASSWORD_REFUSED, SIGN_IN_BUSY
 */
export async function resetPassword(ctx: Needs, id: UserId, given: string | undefined): Promise<CreatedUser> {
  const user = await ctx.findUser(id);
  if (user === null) throw unknownUser();
  const password = given ?? madeUp(ctx);
  refusePassword(password, user.name);
  const change = { passwordHash: await ctx.hashPassword(password), mustChange: true };
  const audit = { actor: ctx.actor, action: "user.password_reset", details: { user: user.name } };
  const changed = await ctx.changeUser(id, change, { version: null, keep: null }, audit, ctx.now());
  return { user: changedOrRefused(changed, user.name), password: given === undefined ? password : null };
}
