import type { Limits, QueuedRun } from "@/lib/domain/ports/locks";
import { type Capacity, limitNames } from "@/lib/domain/queue";

/** A limit with the runs that wait and would count in it, the next one first. */
export type LimitItem = Capacity & { readonly waiting: readonly QueuedRun[] };

export async function listLimits(ctx: Pick<Limits, "listCapacities" | "listQueue">): Promise<LimitItem[]> {
  const capacities = await ctx.listCapacities();
  if (capacities.length === 0) return [];
  const waiting = (await ctx.listQueue()).filter((run) => run.waitingFor?.startsWith("its turn") ?? false);
  return capacities.map((capacity) => ({
    ...capacity,
    waiting: waiting.filter((run) => limitNames(run.tags).includes(capacity.name)),
  }));
}
