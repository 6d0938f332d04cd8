import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { alertKeys } from "@/lib/client/alerts";
import { environmentKeys } from "@/lib/client/environment";
import { makeQueryClient } from "@/lib/client/query-client";
import { RECENT_ENDS, recentEndsFilter, runKeys } from "@/lib/client/runs";
import { stuckKeys } from "@/lib/client/stuck";
import { pageReads } from "@/lib/page-reads";
import { OverviewView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const reads = pageReads();
  const client = makeQueryClient();
  const [ends, stuck, alerts, environment] = await Promise.all([
    reads.runs({ ...recentEndsFilter, limit: RECENT_ENDS }),
    reads.stuckCounts(),
    reads.openAlerts(),
    reads.environment(),
  ]);
  client.setQueryData(runKeys.recent(recentEndsFilter, RECENT_ENDS), ends);
  client.setQueryData(stuckKeys.counts(), stuck);
  client.setQueryData(alertKeys.open, alerts);
  client.setQueryData(environmentKeys.all, environment);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <OverviewView demoAvailable={reads.defaults().demoAvailable} />
    </HydrationBoundary>
  );
}
