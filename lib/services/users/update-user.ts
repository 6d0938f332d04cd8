import { accessInWords } from "@/lib/domain/access";
import type { UserChange, Users } from "@/lib/domain/ports/accounts";
import type { Actor, Asker } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { User, UserId } from "@/lib/domain/user";
import { refuseReserved } from "../commands/user-rules";
import { changedOrRefused, unknownUser } from "./user-errors";

type Needs = Pick<Users, "findUser" | "changeUser"> & Pick<Here, "now"> & Actor & Asker;
type Change = Pick<UserChange, "name" | "role" | "grants" | "disabled">;
type Asked = { readonly [Field in keyof Change]?: Change[Field] | undefined };

/**
 * A change of role, grants or of being disabled ends the user's sessions.
 * @param version the one that was looked at; undefined: whatever it is
 * @throws AppError USER_NOT_FOUND, STALE_VERSION, LAST_ADMIN, USER_EXISTS, INVALID_INPUT
 */
export async function updateUser(
  ctx: Needs,
  id: UserId,
  asked: Asked,
  version?: number | undefined,
): Promise<User> {
  // What is not said stays as it is.
  const change: Change = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const before = await ctx.findUser(id);
  if (before === null) throw unknownUser();
  const name = change.name ?? before.name;
  if (name !== before.name) refuseReserved(name);
  const audit = { actor: ctx.actor, action: actionOf(before, change), details: detailsOf(before, change) };
  const options = { version: version ?? null, keep: null };
  return changedOrRefused(await ctx.changeUser(id, change, options, audit, ctx.now()), name);
}

function actionOf(before: User, { disabled, ...others }: Change): string {
  const onlyThat = Object.keys(others).length === 0;
  if (disabled === undefined || disabled === before.disabled || !onlyThat) return "user.changed";
  return disabled ? "user.disabled" : "user.enabled";
}

function detailsOf(before: User, change: Change): Readonly<Record<string, unknown>> {
  const after = { ...before, ...change };
  return { user: before.name, before: told(before), after: told(after) };
}

function told(user: User) {
  return { name: user.name, access: accessInWords(user), disabled: user.disabled };
}
