import { accessInWords } from "@/lib/domain/access";
import type { Users } from "@/lib/domain/ports/accounts";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { UserId } from "@/lib/domain/user";
import { lastAdmin, unknownUser } from "./user-errors";

/** What the user did stays in the history. @throws AppError USER_NOT_FOUND, LAST_ADMIN */
export async function deleteUser(
  ctx: Pick<Users, "findUser" | "deleteUser"> & Pick<Here, "now"> & Actor,
  id: UserId,
): Promise<void> {
  const user = await ctx.findUser(id);
  if (user === null) throw unknownUser();
  const details = { user: user.name, before: { access: accessInWords(user) } };
  const outcome = await ctx.deleteUser(id, { actor: ctx.actor, action: "user.deleted", details }, ctx.now());
  if (outcome === "unknown") throw unknownUser();
  if (outcome === "last_admin") throw lastAdmin();
}
