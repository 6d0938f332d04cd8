import type { Folder, FoundFolder } from "@/lib/domain/ports/folder";
import type { Runs } from "@/lib/domain/ports/runs";

export type FolderNeeds = Pick<Folder, "findFolder" | "isElsewhere"> & Pick<Runs, "listUnfinished">;

export type SeenFolder = FoundFolder & {
  /** How many runs are held back; none in the live folder. */
  readonly heldBack: { readonly queued: number; readonly active: number; readonly elsewhere: number };
};

/** Whose data folder this is and, while that is in doubt, what is held back. */
export async function getFolder(ctx: FolderNeeds): Promise<SeenFolder> {
  const found = ctx.findFolder();
  if (found.unconfirmed === null) return { ...found, heldBack: { queued: 0, active: 0, elsewhere: 0 } };
  const runs = await ctx.listUnfinished();
  const active = runs.filter(({ state }) => state !== "queued");
  const homes = await Promise.all(active.map((run) => ctx.isElsewhere(run)));
  const elsewhere = homes.filter(Boolean).length;
  return { ...found, heldBack: { queued: runs.length - active.length, active: active.length, elsewhere } };
}
