import type { Runs } from "@/lib/domain/ports/runs";
import { isFinal, type Run } from "@/lib/domain/run";

/** What a run's events say of a restart, the last word first. */
const RESTART_EVENTS = ["restart_requested", "restart_cancelled", "restart_failed", "restarted"] as const;

export type PendingRestartNeeds = Pick<Runs, "findEvent">;

export type PendingRestart = {
  /** How long after the end of the run its successor is to start, in milliseconds. */
  readonly delayMs: number;
  /** Who asked for it; null: not recorded before 0.2. */
  readonly by: string | null;
};

/** The restart that is still to come after this run's end; null: none (any more). */
export async function pendingRestart(ctx: PendingRestartNeeds, ended: Run): Promise<PendingRestart | null> {
  if (ended.cause !== "restart" || !isFinal(ended.state)) return null;
  const last = await ctx.findEvent(ended.id, RESTART_EVENTS);
  if (last?.type !== "restart_requested") return null;
  const { delayMs, by } = last.data;
  return { delayMs: Number(delayMs), by: typeof by === "string" ? by : null };
}
