import type { JobId } from "@/lib/domain/ids";
import { jobNotFound } from "@/lib/services/jobs/get-job";
import { type ListPlansNeeds, listPlans } from "./list-plans";

type Counts = {
  readonly cleaned: number;
  readonly undone: number;
  readonly deleted: number;
  readonly lastAt: number | null;
};

type Needs = ListPlansNeeds & {
  findJob(id: JobId): Promise<unknown>;
  countJobCleanups(id: JobId): Promise<Counts>;
};

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
