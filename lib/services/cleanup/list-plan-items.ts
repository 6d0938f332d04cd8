import type { PlanId } from "@/lib/domain/ids";
import type { PlanItem, PlanResult } from "@/lib/domain/plan";
import type { Plans } from "@/lib/domain/ports/plans";
import { planNotFound } from "./plan-errors";

type Query = {
  readonly result?: PlanResult | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
};

/**
 * By run, oldest first; the cursor is the run of the last item shown.
 * @throws AppError PLAN_NOT_FOUND
 */
export async function listPlanItems(
  ctx: Pick<Plans, "findPlan" | "listPlanItems">,
  id: PlanId,
  query: Query,
): Promise<{ items: PlanItem[]; nextCursor: string | null }> {
  if ((await ctx.findPlan(id)) === null) throw planNotFound(id);
  const page = { after: query.cursor ?? null, limit: query.limit };
  const rows = await ctx.listPlanItems(id, query.result ?? null, page);
  const items = rows.slice(0, query.limit);
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.runId ?? null) : null };
}
