import { isAppError } from "@/lib/domain/errors";
import type { Recoveries } from "@/lib/domain/ports/recoveries";
import type { Runs } from "@/lib/domain/ports/runs";
import type { Run } from "@/lib/domain/run";
import { pendingRestart } from "@/lib/services/commands/pending-restart";
import { pendingResume } from "@/lib/services/commands/pending-resume";
import { type StopJob, type StopNeeds, stopRun } from "@/lib/services/commands/stop-job";
import { callOffRecovery } from "@/lib/services/commands/stop-recovery";
import { inSlices } from "@/lib/turns";

type Needs = StopNeeds &
  Pick<Runs, "listUnfinished" | "listAwaitingSuccessor"> &
  Pick<Recoveries, "listWaitingRecoveries">;
export type StopAllResult = { stopping: Run[]; refused: { runId: string; reason: string }[] };

/**
 * Asks every active run to end, several at a time so that their changes share a commit, and calls off restarts and recoveries under way.
 * One that ended meanwhile is listed, not an error.
 */
export async function stopAll(
  ctx: Needs,
  input: { graceMs?: number | undefined; reason?: string | undefined },
): Promise<StopAllResult> {
  const answers = await inSlices(await ctx.listUnfinished(), (run) => askToStop(ctx, run, input));
  for (const ended of await ctx.listAwaitingSuccessor()) {
    if ((await pendingRestart(ctx, ended)) !== null || (await pendingResume(ctx, ended)))
      await stopRun(ctx, ended, input);
  }
  for (const job of await ctx.listWaitingRecoveries()) await callOffRecovery(ctx, job, input.reason);
  return {
    stopping: answers.flatMap(({ stopping }) => stopping ?? []),
    refused: answers.flatMap(({ refused }) => refused ?? []),
  };
}

type Answer = { stopping?: Run; refused?: StopAllResult["refused"][number] };

async function askToStop(ctx: Needs, run: Run, input: StopJob): Promise<Answer> {
  try {
    return { stopping: await stopRun(ctx, run, input) };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { refused: { runId: run.id, reason: error.message } };
  }
}
