import type { Actor } from "@/lib/domain/ports/audit";
import type { Folder } from "@/lib/domain/ports/folder";
import { type FolderNeeds, getFolder, type SeenFolder } from "./get-folder";

type Needs = FolderNeeds & Pick<Folder, "confirmFolder"> & Actor;

/** A person says that this is the live data folder. Saying it again changes nothing. */
export async function confirmFolder(
  ctx: Needs,
  input: { readonly reason?: string | undefined },
): Promise<SeenFolder> {
  const before = await getFolder(ctx);
  if (before.unconfirmed === null) return before;
  const { path, worker, unconfirmed, heldBack } = before;
  const { doubt, origin } = unconfirmed;
  await ctx.confirmFolder({
    actor: ctx.actor,
    action: "folder.confirmed",
    reason: input.reason ?? null,
    details: { path, worker, doubt, origin, heldBack },
  });
  return getFolder(ctx);
}
