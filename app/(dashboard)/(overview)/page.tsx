import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/lib/client/query-client";
import { RECENT_ENDS, recentEndsFilter, runKeys } from "@/lib/client/runs";
import { pageReads } from "@/lib/page-reads";
import { OverviewView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const reads = pageReads();
  const client = makeQueryClient();
  client.setQueryData(
    runKeys.recent(recentEndsFilter, RECENT_ENDS),
    await reads.runs({ ...recentEndsFilter, limit: RECENT_ENDS }),
  );
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <OverviewView demoAvailable={reads.defaults().demoAvailable} />
    </HydrationBoundary>
  );
}
