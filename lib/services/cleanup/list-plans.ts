import type { JobId, RunId } from "@/lib/domain/ids";
import type { CountedPlan, PlanKind } from "@/lib/domain/plan";
import type { Plans } from "@/lib/domain/ports/plans";

export type PlanListQuery = {
  readonly kind?: PlanKind | undefined;
  /** Only plans with a run of this job. */
  readonly job?: JobId | undefined;
  /** Only plans that have changed this run, and stand. */
  readonly run?: RunId | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
};

/** Newest first; the cursor is the id of the last plan shown. */
export async function listPlans(
  ctx: Pick<Plans, "listPlans">,
  query: PlanListQuery,
): Promise<{ items: CountedPlan[]; nextCursor: string | null }> {
  const rows = await ctx.listPlans(
    { kind: query.kind ?? null, jobId: query.job ?? null, runId: query.run ?? null },
    { before: query.cursor ?? null, limit: query.limit },
  );
  const items = rows.slice(0, query.limit);
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.plan.id ?? null) : null };
}
