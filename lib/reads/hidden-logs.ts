import { atLeast, isLogHidden, NO_ACCESS } from "@/lib/domain/access";
import { AppError } from "@/lib/domain/errors";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { Asker } from "@/lib/domain/ports/audit";
import type { Runs } from "@/lib/domain/ports/runs";
import { statusBoard } from "@/lib/runtime";
import type { SeenRun } from "@/lib/services/commands/see-run";

const NONE: ReadonlySet<JobId> = new Set();

/** Jobs whose logs are not for who asks: private ones, which only those read who may start the job. */
export async function hiddenLogs({ who }: Asker): Promise<ReadonlySet<JobId>> {
  const access = who?.access ?? NO_ACCESS;
  if (atLeast(access.role, "operator")) return NONE;
  const { statuses } = await statusBoard().now();
  return new Set(statuses.filter(({ job }) => isLogHidden(job, access)).map(({ job }) => job.id));
}

export function asMayBeSeen(seen: SeenRun, hidden: ReadonlySet<JobId>): SeenRun {
  return hidden.has(seen.run.jobId) ? { ...seen, logHidden: true } : seen;
}

/** @throws AppError NOT_ALLOWED */
export async function refuseHiddenLog(ctx: Asker & Pick<Runs, "findRun">, id: RunId): Promise<void> {
  const hidden = await hiddenLogs(ctx);
  if (hidden.size === 0) return;
  const run = await ctx.findRun(id);
  if (run !== null && hidden.has(run.jobId))
    throw new AppError(
      "NOT_ALLOWED",
      `The log of job "${run.jobId}" is private: reading it needs the role operator for the job.`,
      {
        needed: "operator",
      },
    );
}
