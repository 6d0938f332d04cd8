import { AppError } from "@/lib/domain/errors";
import type { RunId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import { type SeenRun, type Sight, seeRunWithRecovery } from "./see-run";

type Needs = Sight & { findRun(id: RunId): Promise<Run | null> };

/** @throws AppError RUN_NOT_FOUND */
export async function getRun(ctx: Needs, id: RunId): Promise<SeenRun> {
  const run = await ctx.findRun(id);
  if (run === null) throw runNotFound(id);
  return seeRunWithRecovery(ctx, run);
}

export function runNotFound(id: RunId): AppError {
  return new AppError("RUN_NOT_FOUND", `There is no run ${id}. The list of runs is at /runs.`, { runId: id });
}
