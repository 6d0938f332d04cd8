import { AppError } from "@/lib/domain/errors";
import type { Attempt, AuthHost, Users } from "@/lib/domain/ports/accounts";
import type { Actor, Audits } from "@/lib/domain/ports/audit";
import type { User } from "@/lib/domain/user";
import { refusePassword } from "../commands/user-rules";
import { type AttemptNeeds, attempted } from "./attempted";
import { currentSession, type Opened, type OpenSessionNeeds, openSession, ownUserId } from "./open-session";

type CheckNeeds = Pick<Users, "findUser"> &
  Pick<AuthHost, "checkPassword"> &
  AttemptNeeds &
  Audits &
  Actor &
  Pick<OpenSessionNeeds, "who">;
type Needs = OpenSessionNeeds &
  CheckNeeds &
  Pick<Users, "changeUser"> &
  Pick<AuthHost, "hashPassword"> &
  Actor;

/**
 * Ends every other session, and gives this one a new secret.
 * @throws AppError NO_ACCOUNT, PASSWORD_WRONG, PASSWORD_REFUSED, TOO_MANY_ATTEMPTS, SIGN_IN_BUSY
 */
export async function changePassword(
  ctx: Needs,
  { current, next }: { readonly current: string; readonly next: string },
  agent: string,
): Promise<Opened> {
  const user = await confirmedUser(ctx, current);
  refusePassword(next, user.name);
  if (next === current)
    throw new AppError("PASSWORD_REFUSED", "The password is not accepted: expected another one than now.");
  const change = { passwordHash: await ctx.hashPassword(next), mustChange: false };
  const audit = { actor: ctx.actor, action: "user.password_changed", details: { user: user.name } };
  const changed = await ctx.changeUser(
    user.id,
    change,
    { version: null, keep: currentSession(ctx) },
    audit,
    ctx.now(),
  );
  if (typeof changed === "string") throw gone();
  return openSession(ctx, changed, "session.renewed", agent);
}

/**
 * The user who asks, and has said the password once more. Wrong ones count as those at signing in do.
 * @throws AppError NO_ACCOUNT, PASSWORD_WRONG, TOO_MANY_ATTEMPTS, SIGN_IN_BUSY
 */
export async function confirmedUser(ctx: CheckNeeds, password: string): Promise<User> {
  const user = await ctx.findUser(ownUserId(ctx));
  if (user === null) throw gone();
  const isRight = await confirmed(ctx, user, "wrong password", async () => {
    const { ok } = await ctx.checkPassword(password, user.passwordHash);
    return ok || null;
  });
  if (isRight === null)
    throw new AppError("PASSWORD_WRONG", "This is not your password. Nothing was changed.");
  return user;
}

/**
 * What `check` answers; null for what is wrong. That counts and leaves a row: a session that was left open, or taken, is where passwords and codes are tried.
 * @throws AppError TOO_MANY_ATTEMPTS, and what `check` throws
 */
export async function confirmed<Right>(
  ctx: AttemptNeeds & Audits & Actor,
  { id, name }: User,
  why: string,
  check: () => Promise<Right | null>,
): Promise<Right | null> {
  const key = `confirm:${id}`;
  const attempts: readonly Attempt[] = [{ key, kind: "name" }];
  const right = await attempted(ctx, attempts, check);
  if (right !== null) await ctx.forgiveAttempt(attempts, [key]);
  else
    await ctx.recordAudit({
      actor: ctx.actor,
      action: "user.confirmation_refused",
      refused: true,
      details: { user: name, why },
    });
  return right;
}

function gone(): AppError {
  return new AppError("SIGNED_OUT", "Your account is not there any more.");
}
