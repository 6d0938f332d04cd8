import { isAppError } from "@/lib/domain/errors";
import type { Recoveries } from "@/lib/domain/ports/recoveries";
import type { Runs } from "@/lib/domain/ports/runs";
import type { Run } from "@/lib/domain/run";
import { pendingRestart } from "@/lib/services/commands/pending-restart";
import { pendingResume } from "@/lib/services/commands/pending-resume";
import { type StopNeeds, stopRun } from "@/lib/services/commands/stop-job";
import { callOffRecovery } from "@/lib/services/commands/stop-recovery";

type Needs = StopNeeds &
  Pick<Runs, "listUnfinished" | "listAwaitingSuccessor"> &
  Pick<Recoveries, "listWaitingRecoveries">;
export type StopAllResult = { stopping: Run[]; refused: { runId: string; reason: string }[] };

/**
 * Asks every active run to end and calls off restarts and recoveries under way. One that ended meanwhile is
 * listed, not an error.
 */
export async function stopAll(
  ctx: Needs,
  input: { graceMs?: number | undefined; reason?: string | undefined },
): Promise<StopAllResult> {
  const result: StopAllResult = { stopping: [], refused: [] };
  for (const run of await ctx.listUnfinished()) {
    try {
      result.stopping.push(await stopRun(ctx, run, input));
    } catch (error) {
      if (!isAppError(error)) throw error;
      result.refused.push({ runId: run.id, reason: error.message });
    }
  }
  for (const ended of await ctx.listAwaitingSuccessor()) {
    if ((await pendingRestart(ctx, ended)) !== null || (await pendingResume(ctx, ended)))
      await stopRun(ctx, ended, input);
  }
  for (const job of await ctx.listWaitingRecoveries()) await callOffRecovery(ctx, job, input.reason);
  return result;
}
