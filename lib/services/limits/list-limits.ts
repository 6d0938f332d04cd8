import type { JobId, RunId } from "@/lib/domain/ids";
import { limitNames } from "@/lib/domain/queue";

type Capacity = { readonly name: string; readonly maxRuns: number; readonly active: number };
type QueuedRun = {
  readonly id: RunId;
  readonly jobId: JobId;
  readonly priority: number;
  readonly queuedAt: number;
  readonly waitingFor: string | null;
  readonly tags: readonly string[];
};

/** A limit with the runs that wait and would count in it, the next one first. */
export type LimitItem = Capacity & { readonly waiting: readonly QueuedRun[] };

type Needs = { listCapacities(): Promise<Capacity[]>; listQueue(): Promise<QueuedRun[]> };

export async function listLimits(ctx: Needs): Promise<LimitItem[]> {
  const capacities = await ctx.listCapacities();
  if (capacities.length === 0) return [];
  const waiting = (await ctx.listQueue()).filter((run) => run.waitingFor?.startsWith("its turn") ?? false);
  return capacities.map((capacity) => ({
    ...capacity,
    waiting: waiting.filter((run) => limitNames(run.tags).includes(capacity.name)),
  }));
}
