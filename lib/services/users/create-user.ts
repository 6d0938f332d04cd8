import type { Access } from "@/lib/domain/access";
import { accessInWords } from "@/lib/domain/access";
import type { AuthHost, Users } from "@/lib/domain/ports/accounts";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { NewIds } from "@/lib/domain/ports/runs";
import { makeUserId, type User } from "@/lib/domain/user";
import { refusePassword, refuseReserved } from "../commands/user-rules";
import { madeUp, nameTaken } from "./user-errors";

type Needs = Pick<Users, "insertUser"> &
  Pick<AuthHost, "hashPassword"> &
  Pick<NewIds, "entropy"> &
  Pick<Here, "now"> &
  Actor;

export type NewUserRequest = Access & { readonly name: string; readonly password?: string | undefined };

/** `password`: the one that was made up; null: it was given. */
export type CreatedUser = { readonly user: User; readonly password: string | null };

/**
 * A user who chooses a password of their own when they sign in first.
 * @throws AppError USER_EXISTS, PASSWORD_REFUSED, INVALID_INPUT, SIGN_IN_BUSY
 */
export async function createUser(ctx: Needs, request: NewUserRequest): Promise<CreatedUser> {
  const { name, role, grants } = request;
  refuseReserved(name);
  const password = request.password ?? madeUp(ctx);
  refusePassword(password, name);
  const passwordHash = await ctx.hashPassword(password);
  const user = { id: makeUserId(ctx.entropy(20)), name, role, grants, passwordHash, mustChange: true };
  const details = { user: name, after: { access: accessInWords(request) } };
  const made = await ctx.insertUser(
    user,
    false,
    { actor: ctx.actor, action: "user.created", details },
    ctx.now(),
  );
  if (made === null) throw nameTaken(name);
  return { user: made, password: request.password === undefined ? password : null };
}
