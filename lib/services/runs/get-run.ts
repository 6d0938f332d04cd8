import { AppError } from "@/lib/domain/errors";
import type { RunId } from "@/lib/domain/ids";
import type { Runs } from "@/lib/domain/ports/runs";
import { isSuperseded } from "@/lib/domain/resume";
import { runFacts } from "@/lib/domain/run-facts";
import { type DeepSight, type SeenRun, seeRunWithRecovery } from "@/lib/services/commands/see-run";

type Needs = DeepSight & Pick<Runs, "findRun" | "newestAmong" | "fencesOf">;

/** With everything its verdicts rest on, read at this moment. @throws AppError RUN_NOT_FOUND */
export async function getRun(ctx: Needs, id: RunId): Promise<SeenRun> {
  const run = await ctx.findRun(id);
  if (run === null) throw runNotFound(id);
  const seen = await seeRunWithRecovery(ctx, run);
  const held = seen.facts ?? [];
  const superseded = isSuperseded(run, (await ctx.newestAmong([id])).has(id));
  const own = runFacts(seen.run, await ctx.fencesOf(id), run.spec.stuckAfterMs);
  return { ...seen, superseded, facts: [...held, ...own] };
}

export function runNotFound(id: RunId): AppError {
  return new AppError("RUN_NOT_FOUND", `There is no run ${id}. The list of runs is at /runs.`, { runId: id });
}
