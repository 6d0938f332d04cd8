import { AppError } from "@/lib/domain/errors";
import type { SecondFactors, Sessions, Users } from "@/lib/domain/ports/accounts";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { User, UserId } from "@/lib/domain/user";
import { unknownUser } from "./user-errors";

type Needs = Pick<Users, "findUser"> & Pick<Here, "now"> & Actor;

/** For a lost phone. Ends the sessions, too. @throws AppError USER_NOT_FOUND, SECOND_FACTOR_STATE */
export async function removeUsersSecondFactor(
  ctx: Needs & Pick<SecondFactors, "removeSecondFactor"> & Pick<Sessions, "endSessions">,
  id: UserId,
): Promise<void> {
  const user = await known(ctx, id);
  const audit = { actor: ctx.actor, action: "user.second_factor_removed", details: { user: user.name } };
  if (!(await ctx.removeSecondFactor(id, audit, ctx.now())))
    throw new AppError("SECOND_FACTOR_STATE", `${user.name} has no second factor.`);
  await endAll(ctx, user);
}

/** Every one of a user. @throws AppError USER_NOT_FOUND */
export async function endUsersSessions(
  ctx: Needs & Pick<Sessions, "endSessions">,
  id: UserId,
): Promise<void> {
  await endAll(ctx, await known(ctx, id));
}

async function known(ctx: Needs, id: UserId): Promise<User> {
  const user = await ctx.findUser(id);
  if (user === null) throw unknownUser();
  return user;
}

async function endAll(ctx: Needs & Pick<Sessions, "endSessions">, user: User): Promise<void> {
  const audit = { actor: ctx.actor, action: "user.sessions_ended", details: { user: user.name } };
  await ctx.endSessions(user.id, {}, audit, ctx.now());
}
