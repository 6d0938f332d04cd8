import type { JobId } from "@/lib/domain/ids";
import { type PrecheckVerdict, precheck } from "@/lib/domain/precheck";
import { type SeenRun, type Sight, seeRunWithRecovery } from "@/lib/services/runs/see-run";
import { type FindJob, jobNotFound } from "./get-job";

export type PrecheckAnswer = Omit<PrecheckVerdict, "run"> & { readonly run: SeenRun | null };

/** May this job be started now, and how? Changes nothing. @throws AppError JOB_NOT_FOUND */
export async function precheckJob(ctx: Sight & FindJob, id: JobId): Promise<PrecheckAnswer> {
  const found = await ctx.findJob(id);
  if (found === null) throw jobNotFound(id);
  if (found.newest === null) return { ...precheck(null), run: null };
  const seen = seeRunWithRecovery(ctx, found.newest);
  const health = seen.health?.health ?? null;
  return { ...precheck({ run: seen.run, health, recovery: seen.recovery.verdict }), run: seen };
}
