import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { makeQueryClient } from "@/lib/client/query-client";
import { runKeys } from "@/lib/client/runs";
import { statusKeys } from "@/lib/client/status";
import { JobIdParam } from "@/lib/contracts/job";
import { MAX_PAGE_SIZE } from "@/lib/contracts/page";
import { RunIdParam } from "@/lib/contracts/run";
import { readJobStatus } from "@/lib/reads/jobs";
import { known } from "@/lib/reads/known";
import { readRun, readRunEvents } from "@/lib/reads/runs";
import { seenState } from "@/lib/reads/seen-state";
import { RunPageView } from "./view";

export const dynamic = "force-dynamic";

type Props = { params: Promise<{ run: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).run };
}

export default async function RunPage({ params }: Props) {
  const id = (await params).run;
  const run = await known(RunIdParam, id, readRun);
  if (run === null) notFound();
  const [events, status] = await Promise.all([
    readRunEvents(RunIdParam.parse(id), { limit: MAX_PAGE_SIZE }),
    known(JobIdParam, run.job, readJobStatus),
  ]);
  const client = makeQueryClient();
  client.setQueryData(runKeys.run(id), run);
  client.setQueryData(runKeys.events(id), events);
  if (status !== null) client.setQueryData(statusKeys.job(run.job), status);
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <RunPageView id={id} />
    </HydrationBoundary>
  );
}
