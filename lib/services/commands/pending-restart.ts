import type { Runs } from "@/lib/domain/ports/runs";
import { isFinal, type Run } from "@/lib/domain/run";

/** What a run's events say of a restart, the last word first. */
const RESTART_EVENTS = ["restart_requested", "restart_cancelled", "restart_failed", "restarted"] as const;

export type PendingRestartNeeds = Pick<Runs, "findEvent">;

/** How long after its end the successor of this run is to start, in milliseconds; null: none is to come (any more). */
export async function pendingRestart(ctx: PendingRestartNeeds, ended: Run): Promise<number | null> {
  if (ended.cause !== "restart" || !isFinal(ended.state)) return null;
  const last = await ctx.findEvent(ended.id, RESTART_EVENTS);
  return last?.type === "restart_requested" ? Number(last.data.delayMs) : null;
}
