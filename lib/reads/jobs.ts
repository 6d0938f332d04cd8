import type { z } from "zod";
import type { EnvironmentView, JobEnvironmentView } from "@/lib/contracts/environment";
import type { JobPage, JobView } from "@/lib/contracts/job";
import type { PageQuery } from "@/lib/contracts/page";
import type { PrecheckView } from "@/lib/contracts/precheck";
import type { RecoveryView } from "@/lib/contracts/recovery";
import type { StatusPage, StatusQuery, StatusView } from "@/lib/contracts/status";
import { type Access, isPartial, NO_ACCESS } from "@/lib/domain/access";
import { HOUR_MS } from "@/lib/domain/hours";
import type { JobId } from "@/lib/domain/ids";
import type { JobDefaults } from "@/lib/domain/job-defaults";
import type { Asker } from "@/lib/domain/ports/audit";
import { toEnvironmentView, toJobEnvironmentView } from "@/lib/http/environment-views";
import { toRecoveryView } from "@/lib/http/recovery-view";
import { toPrecheckView } from "@/lib/http/stuck-views";
import { toJobView, toStatusView } from "@/lib/http/views";
import { requestContext, statusBoard } from "@/lib/runtime";
import { getJob } from "@/lib/services/commands/get-job";
import { getRecovery } from "@/lib/services/commands/get-recovery";
import { jobEnvironment } from "@/lib/services/environment/job-environment";
import { showEnvironment } from "@/lib/services/environment/show-environment";
import { jobStatus } from "@/lib/services/jobs/job-status";
import { listJobs } from "@/lib/services/jobs/list-jobs";
import { precheckJob } from "@/lib/services/jobs/precheck-job";
import { inSlices } from "@/lib/turns";
import { asMayBeSeen, hiddenLogs } from "./hidden-logs";
import { type StatusBytes, statusBytes } from "./status/answer";
import { chosenPage } from "./status/page";

export async function readJobs(
  query: z.output<typeof PageQuery>,
  ctx = requestContext(),
): Promise<z.infer<typeof JobPage>> {
  const page = isPartial(accessOf(ctx)) ? await visibleJobs(query) : await listJobs(ctx, query);
  return { ...page, items: page.items.map((job) => toJobView(job, accessOf(ctx))) };
}

/** @throws AppError JOB_NOT_FOUND */
export async function readJob(id: JobId, ctx = requestContext()): Promise<JobView> {
  return toJobView(await getJob(ctx, id), accessOf(ctx));
}

/** Of those that who asks may see. */
async function visibleJobs({ cursor = "", limit }: z.output<typeof PageQuery>) {
  const { statuses } = await statusBoard().now();
  const after = statuses.map(({ job }) => job).filter(({ id }) => id > cursor);
  const items = after.slice(0, limit);
  return { items, nextCursor: after.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function accessOf({ who }: Asker): Access {
  return who?.access ?? NO_ACCESS;
}

/** A page of the status of all jobs. */
export async function readStatusPage(
  query: Omit<StatusQuery, "fields" | "limit"> & { readonly limit: number },
  board = statusBoard(),
): Promise<StatusPage> {
  const kept = await board.now();
  const { places, ...more } = chosenPage(kept, query);
  const statuses = places.flatMap((place) => kept.statuses[place] ?? []);
  const items = await inSlices(statuses, (status) => toStatusView(status, kept.at));
  return { at: new Date(kept.at).toISOString(), items, ...more };
}

/** The titles of those of these jobs that there are, by id. */
export async function readTitles(
  jobs: Iterable<string>,
  board = statusBoard(),
): Promise<{ items: { job: string; title: string }[] }> {
  const asked = new Set(jobs);
  const { statuses } = await board.now();
  return {
    items: statuses.flatMap(({ job: { id, title } }) => (asked.has(id) ? [{ job: id, title }] : [])),
  };
}

/** The status of all jobs, or a page of it, as JSON. @param ifNoneMatch the header */
export function readStatusBytes(
  query: StatusQuery,
  ifNoneMatch: string | null,
  board = statusBoard(),
): Promise<StatusBytes> {
  return statusBytes(board, query, ifNoneMatch);
}

/** @throws AppError JOB_NOT_FOUND */
export async function readJobStatus(id: JobId, ctx = requestContext()): Promise<StatusView> {
  const status = await jobStatus(ctx, id);
  const newest = status.newest === null ? null : asMayBeSeen(status.newest, await hiddenLogs(ctx));
  return toStatusView({ ...status, newest }, ctx.now());
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
  const answer = await precheckJob(ctx, id, ageMs);
  const run = answer.run === null ? null : asMayBeSeen(answer.run, await hiddenLogs(ctx));
  return toPrecheckView({ ...answer, run }, ctx.now());
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
export function readJobDefaults(): JobDefaults {
  const { defaultCwd, runAs } = requestContext();
  return { cwd: defaultCwd, runAs };
}
