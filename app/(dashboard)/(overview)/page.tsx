import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { alertKeys } from "@/lib/client/alerts";
import { environmentKeys } from "@/lib/client/environment";
import { makeQueryClient } from "@/lib/client/query-client";
import { RECENT_ENDS, recentEndsFilter, runKeys } from "@/lib/client/runs";
import { bringTitles, STATUS_ORDER, STATUS_SHOWN } from "@/lib/client/status";
import { stuckKeys } from "@/lib/client/stuck";
import { ListAlertsQuery } from "@/lib/contracts/alert";
import { ListRunsQuery } from "@/lib/contracts/run";
import { readDefaults, readEnvironment, readStatusPage, readTitles } from "@/lib/reads/jobs";
import { readRuns } from "@/lib/reads/runs";
import { readAlerts, readStuck } from "@/lib/reads/stuck";
import { OverviewView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const client = makeQueryClient();
  const [status, ends, stuck, alerts, environment] = await Promise.all([
    readStatusPage({ limit: STATUS_SHOWN, order: STATUS_ORDER }),
    readRuns(ListRunsQuery.parse({ ...recentEndsFilter, limit: RECENT_ENDS })),
    readStuck({ limit: 1 }),
    readAlerts(ListAlertsQuery.parse({ open: "1" })),
    readEnvironment(),
  ]);
  bringTitles(client, await readTitles([...status.items, ...ends.items].map(({ job }) => job)));
  client.setQueryData(runKeys.recent(recentEndsFilter, RECENT_ENDS), ends);
  client.setQueryData(stuckKeys.counts(), stuck.counts);
  client.setQueryData(alertKeys.open, alerts);
  client.setQueryData(environmentKeys.all, environment);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <OverviewView demoAvailable={readDefaults().demoAvailable} initial={status} />
    </HydrationBoundary>
  );
}
