import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { alertKeys } from "@/lib/client/alerts";
import { environmentKeys } from "@/lib/client/environment";
import { mayOf } from "@/lib/client/may";
import { makeQueryClient } from "@/lib/client/query-client";
import { RECENT_ENDS, recentEndsFilter, runKeys } from "@/lib/client/runs";
import { bringTitles, STATUS_ORDER, STATUS_SHOWN } from "@/lib/client/status";
import { stuckKeys } from "@/lib/client/stuck";
import { ListAlertsQuery } from "@/lib/contracts/alert";
import { ListRunsQuery } from "@/lib/contracts/run";
import { readSession } from "@/lib/reads/accounts";
import { readEnvironment, readStatusPage, readTitles } from "@/lib/reads/jobs";
import { readRuns } from "@/lib/reads/runs";
import { seenState } from "@/lib/reads/seen-state";
import { readAlerts, readStuck } from "@/lib/reads/stuck";
import { OverviewView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const client = makeQueryClient();
  const { may } = mayOf(readSession().me);
  const seesAll = may("viewer", null);
  const [status, ends, stuck, alerts, environment] = await Promise.all([
    readStatusPage({ limit: STATUS_SHOWN, order: STATUS_ORDER }).then(seenState),
    readRuns(ListRunsQuery.parse({ ...recentEndsFilter, limit: RECENT_ENDS })),
    seesAll ? readStuck({ limit: 1 }) : null,
    seesAll ? readAlerts(ListAlertsQuery.parse({ open: "1" })) : null,
    may("operator", null) ? readEnvironment() : null,
  ]);
  bringTitles(client, await readTitles([...status.items, ...ends.items].map(({ job }) => job)));
  client.setQueryData(runKeys.recent(recentEndsFilter, RECENT_ENDS), ends);
  if (stuck !== null) client.setQueryData(stuckKeys.counts(), stuck.counts);
  if (alerts !== null) client.setQueryData(alertKeys.open, alerts);
  if (environment !== null) client.setQueryData(environmentKeys.all, environment);
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <OverviewView initial={status} />
    </HydrationBoundary>
  );
}
