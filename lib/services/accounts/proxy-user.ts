import type { Role } from "@/lib/domain/access";
import type { AuthHost, Users } from "@/lib/domain/ports/accounts";
import type { Here } from "@/lib/domain/ports/host";
import type { NewIds } from "@/lib/domain/ports/runs";
import { signInProblem } from "@/lib/domain/sign-in-problems";
import { makeUserId, type UserId } from "@/lib/domain/user";

type Needs = Pick<Users, "insertUser" | "changeUser" | "findUser"> &
  Pick<AuthHost, "forgetSetUpCode"> &
  Pick<NewIds, "entropy"> &
  Pick<Here, "now">;

/** A user whom a proxy names first, without a password. Does nothing when there is one of that name by now. */
export async function makeProxyUser(
  ctx: Needs,
  name: string,
  role: Role,
  address: string | null,
): Promise<void> {
  const user = {
    id: makeUserId(ctx.entropy(20)),
    name,
    role,
    grants: [],
    passwordHash: null,
    mustChange: false,
  };
  const details = { user: name, after: { access: role } };
  const audit = { actor: name, action: "user.created", details, by: byProxy(address) };
  const made = await ctx.insertUser(user, false, audit, ctx.now());
  if (made?.role === "admin") ctx.forgetSetUpCode();
}

/** The groups that the proxy sends have another role than the user has. @throws AppError LAST_ADMIN */
export async function changeProxyRole(
  ctx: Needs,
  id: UserId,
  role: Role,
  address: string | null,
): Promise<void> {
  const user = await ctx.findUser(id);
  if (user === null || user.role === role) return;
  const details = { user: user.name, before: user.role, after: role };
  const audit = { actor: user.name, action: "user.role_from_proxy", details, by: byProxy(address) };
  const changed = await ctx.changeUser(id, { role }, { version: null, keep: null }, audit, ctx.now());
  if (changed === "last_admin") throw signInProblem("LAST_ADMIN");
}

function byProxy(address: string | null) {
  return { via: "proxy", viaId: null, address } as const;
}
