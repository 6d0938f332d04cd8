import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { jobKeys } from "@/lib/client/jobs";
import { planKeys } from "@/lib/client/plans";
import { makeQueryClient } from "@/lib/client/query-client";
import { recoveryKeys } from "@/lib/client/recovery";
import { RECENT_RUNS, runKeys } from "@/lib/client/runs";
import { scheduleKeys } from "@/lib/client/schedules";
import { statusKeys } from "@/lib/client/status";
import { JobIdParam } from "@/lib/contracts/job";
import { PageQuery } from "@/lib/contracts/page";
import { ListRunsQuery } from "@/lib/contracts/run";
import { readJob, readJobStatus, readRecovery } from "@/lib/reads/jobs";
import { known } from "@/lib/reads/known";
import { readJobCleanups } from "@/lib/reads/plans";
import { readRuns } from "@/lib/reads/runs";
import { readSchedulesOf } from "@/lib/reads/schedules";
import { seenState } from "@/lib/reads/seen-state";
import { JobPageView } from "./view";

export const dynamic = "force-dynamic";

type Props = { params: Promise<{ job: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).job };
}

export default async function JobPage({ params }: Props) {
  const id = (await params).job;
  const job = await known(JobIdParam, id, readJob);
  if (job === null) notFound();
  const client = makeQueryClient();
  const [status, runs, recovery, cleanups, schedules] = await Promise.all([
    known(JobIdParam, id, readJobStatus),
    readRuns(ListRunsQuery.parse({ job: id, limit: RECENT_RUNS })),
    known(JobIdParam, id, readRecovery),
    known(JobIdParam, id, (job) => readJobCleanups(job, PageQuery.parse({}))),
    known(JobIdParam, id, readSchedulesOf),
  ]);
  client.setQueryData(jobKeys.job(id), job);
  if (status !== null) client.setQueryData(statusKeys.job(id), status);
  if (recovery !== null) client.setQueryData(recoveryKeys.job(id), recovery);
  if (cleanups !== null) client.setQueryData(planKeys.job(id), cleanups);
  if (schedules !== null) client.setQueryData(scheduleKeys.job(id), schedules);
  client.setQueryData(runKeys.recent({ job: id }, RECENT_RUNS), runs);
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <JobPageView id={id} />
    </HydrationBoundary>
  );
}
