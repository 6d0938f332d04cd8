import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/lib/client/query-client";
import { parseRunFilter } from "@/lib/client/run-filter";
import { RUNS_PER_PAGE, runKeys } from "@/lib/client/runs";
import { pageReads } from "@/lib/page-reads";
import { RunsView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Runs" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function RunsPage({ searchParams }: Props) {
  const filter = parseRunFilter(await searchParams);
  const page = await pageReads().runs({ ...filter, limit: RUNS_PER_PAGE });
  const client = makeQueryClient();
  client.setQueryData(runKeys.list(filter), { pages: [page], pageParams: [null] });
  client.setQueryData(runKeys.recent(filter, RUNS_PER_PAGE), page);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunsView />
    </HydrationBoundary>
  );
}
