import type { z } from "zod";
import type { EnvironmentView, JobEnvironmentView } from "@/lib/contracts/environment";
import type { JobPage, JobView } from "@/lib/contracts/job";
import type { PageQuery } from "@/lib/contracts/page";
import type { PrecheckView } from "@/lib/contracts/precheck";
import type { RecoveryView } from "@/lib/contracts/recovery";
import type { StatusAnswer, StatusView } from "@/lib/contracts/status";
import { HOUR_MS } from "@/lib/domain/hours";
import type { JobId } from "@/lib/domain/ids";
import { toEnvironmentView, toJobEnvironmentView } from "@/lib/http/environment-views";
import { toRecoveryView } from "@/lib/http/recovery-view";
import { toPrecheckView } from "@/lib/http/stuck-views";
import { toJobView, toStatusView } from "@/lib/http/views";
import { requestContext } from "@/lib/runtime";
import { getJob } from "@/lib/services/commands/get-job";
import { getRecovery } from "@/lib/services/commands/get-recovery";
import { jobEnvironment } from "@/lib/services/environment/job-environment";
import { showEnvironment } from "@/lib/services/environment/show-environment";
import { allStatus, jobStatus } from "@/lib/services/jobs/job-status";
import { listJobs } from "@/lib/services/jobs/list-jobs";
import { precheckJob } from "@/lib/services/jobs/precheck-job";
import { inSlices } from "@/lib/turns";

export async function readJobs(
  query: z.output<typeof PageQuery>,
  ctx = requestContext(),
): Promise<z.infer<typeof JobPage>> {
  const page = await listJobs(ctx, query);
  return { ...page, items: page.items.map(toJobView) };
}

/** @throws AppError JOB_NOT_FOUND */
export async function readJob(id: JobId, ctx = requestContext()): Promise<JobView> {
  return toJobView(await getJob(ctx, id));
}

/** The views are made a few at a time: a long list would keep everything else waiting. */
export async function readStatus(ctx = requestContext()): Promise<z.infer<typeof StatusAnswer>> {
  const now = ctx.now();
  const items = await inSlices(await allStatus(ctx), (status) => toStatusView(status, now));
  return { at: new Date(now).toISOString(), items };
}

/** @throws AppError JOB_NOT_FOUND */
export async function readJobStatus(id: JobId, ctx = requestContext()): Promise<StatusView> {
  return toStatusView(await jobStatus(ctx, id), ctx.now());
}

/** @throws AppError JOB_NOT_FOUND */
export async function readRecovery(id: JobId, ctx = requestContext()): Promise<RecoveryView> {
  return toRecoveryView(await getRecovery(ctx, id));
}

/** @throws AppError JOB_NOT_FOUND */
export async function readPrecheck(
  id: JobId,
  query: { readonly ageHours?: number | undefined },
  ctx = requestContext(),
): Promise<PrecheckView> {
  const ageMs = query.ageHours === undefined ? undefined : query.ageHours * HOUR_MS;
  return toPrecheckView(await precheckJob(ctx, id, ageMs), ctx.now());
}

/** What runs are handed of the dashboard's own environment. */
export async function readEnvironment(ctx = requestContext()): Promise<EnvironmentView> {
  return toEnvironmentView(await showEnvironment(ctx));
}

/** @throws AppError JOB_NOT_FOUND */
export async function readJobEnvironment(id: JobId, ctx = requestContext()): Promise<JobEnvironmentView> {
  return toJobEnvironmentView(await jobEnvironment(ctx, id));
}

/** What the form of a new job begins with. */
export function readDefaults(): { readonly cwd: string; readonly demoAvailable: boolean } {
  return { cwd: requestContext().defaultCwd, demoAvailable: true };
}
