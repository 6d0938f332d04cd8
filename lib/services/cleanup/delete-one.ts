import { deletionObstacle, type Surroundings } from "@/lib/domain/deletion";
import type { JobId, PlanId, RunId } from "@/lib/domain/ids";
import type { Plan, PlanItem, PlanResult } from "@/lib/domain/plan";
import type { Run } from "@/lib/domain/run";

type Key = { readonly planId: PlanId; readonly runId: RunId };
type Outcome = PlanResult | "stopped";

/** Where the files of a deleted run are. */
type Leftovers = {
  readonly runId: RunId;
  readonly jobId: JobId;
  readonly lineageId: RunId | null;
  readonly cwd: string;
  readonly checkpoint: string | null;
};

export type DeleteNeeds = {
  deleteRunRows(
    key: Key,
    obstacle: (item: PlanItem, run: Run, around: Surroundings) => string | null,
    actor: string,
    reason: string | null,
  ): Promise<Leftovers | Outcome>;
  /** Never follows a link and never throws: what could not be removed is told. */
  removeLeftovers(leftovers: Leftovers): Promise<{ removed: readonly string[]; problems: readonly string[] }>;
  settleDeletion(key: Key, problem: string | null, detail: string): Promise<Outcome>;
};

/**
 * Rows first, with the paths of the files in the audit row of the same transaction; then the files. A crash between the two leaves an
 * item that is still planned, and whoever goes on finds in the audit row what is left to remove.
 */
export async function deleteOne(ctx: DeleteNeeds, plan: Plan, item: PlanItem): Promise<Outcome> {
  const actor = plan.appliedBy ?? plan.actor;
  const leftovers = await ctx.deleteRunRows(item, deletionObstacle, actor, plan.reason);
  if (typeof leftovers === "string") return leftovers;
  const { removed, problems } = await ctx.removeLeftovers(leftovers);
  const detail = removed.length === 0 ? "Deleted. It had no files." : `Deleted, with ${removed.join(", ")}.`;
  const problem =
    problems.length === 0 ? null : `Its rows are deleted, but not all of its files: ${problems.join("; ")}`;
  return ctx.settleDeletion(item, problem, detail);
}
