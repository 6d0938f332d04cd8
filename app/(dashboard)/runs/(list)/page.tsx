import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/lib/client/query-client";
import { parseRunFilter } from "@/lib/client/run-filter";
import { RUNS_PER_PAGE, runKeys } from "@/lib/client/runs";
import { bringTitles } from "@/lib/client/status";
import { ListRunsQuery } from "@/lib/contracts/run";
import { readTitles } from "@/lib/reads/jobs";
import { readRuns } from "@/lib/reads/runs";
import { seenState } from "@/lib/reads/seen-state";
import { RunsView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Runs" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function RunsPage({ searchParams }: Props) {
  const filter = parseRunFilter(await searchParams);
  const page = await readRuns(ListRunsQuery.parse({ ...filter, limit: RUNS_PER_PAGE }));
  const client = makeQueryClient();
  client.setQueryData(runKeys.list(filter), { pages: [page], pageParams: [null] });
  const jobs = page.items.map(({ job }) => job);
  bringTitles(client, await readTitles(filter.job === undefined ? jobs : [filter.job, ...jobs]));
  client.setQueryData(runKeys.recent(filter, RUNS_PER_PAGE), page);
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <RunsView />
    </HydrationBoundary>
  );
}
