import type { JobId } from "@/lib/domain/ids";
import type { Jobs } from "@/lib/domain/ports/jobs";
import type { Plans } from "@/lib/domain/ports/plans";
import { jobNotFound } from "@/lib/services/commands/get-job";
import { listPlans } from "./list-plans";

type Needs = Pick<Jobs, "findJob"> & Pick<Plans, "countJobCleanups" | "listPlans">;

/**
 * What clean-ups and deletions have done to a job's runs, with the plans that touched them, newest first.
 * @throws AppError JOB_NOT_FOUND
 */
export async function jobCleanups(
  ctx: Needs,
  job: JobId,
  page: { readonly limit: number; readonly cursor?: string | undefined },
) {
  if ((await ctx.findJob(job)) === null) throw jobNotFound(job);
  const [counts, plans] = await Promise.all([ctx.countJobCleanups(job), listPlans(ctx, { ...page, job })]);
  return { job, ...counts, plans };
}
