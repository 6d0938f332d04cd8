import { deletionObstacle } from "@/lib/domain/deletion";
import type { Plan, PlanItem } from "@/lib/domain/plan";
import type { ItemOutcome, Leftovers, PlanWork, Removal } from "@/lib/domain/ports/plans";

export type DeleteNeeds = Pick<PlanWork, "deleteRunRows" | "settleDeletion"> & {
  /** Never follows a link and never throws. */
  removeLeftovers(leftovers: Leftovers): Promise<Removal>;
};

/**
 * Rows first, with the paths of the files in the audit row of the same transaction; then the files. A crash between the two leaves an
 * item that is still planned, and the next attempt finds in the audit row what is left to remove.
 */
export async function deleteOne(ctx: DeleteNeeds, plan: Plan, item: PlanItem): Promise<ItemOutcome> {
  const actor = plan.appliedBy ?? plan.actor;
  const leftovers = await ctx.deleteRunRows(item, deletionObstacle, actor, plan.reason);
  if (typeof leftovers === "string") return leftovers;
  const { removed, problems } = await ctx.removeLeftovers(leftovers);
  const detail = removed.length === 0 ? "Deleted. It had no files." : `Deleted, with ${removed.join(", ")}.`;
  const problem =
    problems.length === 0 ? null : `Its rows are deleted, but not all of its files: ${problems.join("; ")}`;
  return ctx.settleDeletion(item, problem, detail);
}
