import type { RunId } from "@/lib/domain/ids";
import { isFinal, type Run } from "@/lib/domain/run";

/** What a run's events say of a restart, the last word first. */
const RESTART_EVENTS = ["restart_requested", "restart_cancelled", "restart_failed", "restarted"] as const;

export type PendingRestartNeeds = {
  /** Newest of the run's events of these types, null when there is none. */
  findEvent(
    id: RunId,
    types: readonly string[],
  ): Promise<{ type: string; data: Readonly<Record<string, unknown>> } | null>;
};

/** How long after its end the successor of this run is to start, in milliseconds; null: none is to come (any more). */
export async function pendingRestart(ctx: PendingRestartNeeds, ended: Run): Promise<number | null> {
  if (ended.cause !== "restart" || !isFinal(ended.state)) return null;
  const last = await ctx.findEvent(ended.id, RESTART_EVENTS);
  return last?.type === "restart_requested" ? Number(last.data.delayMs) : null;
}
