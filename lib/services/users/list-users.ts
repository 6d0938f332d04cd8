import type { Users } from "@/lib/domain/ports/accounts";
import type { User } from "@/lib/domain/user";

/** By name. */
export function listUsers(ctx: Pick<Users, "listUsers">): Promise<readonly User[]> {
  return ctx.listUsers();
}
