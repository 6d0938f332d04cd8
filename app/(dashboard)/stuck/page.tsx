import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { alertKeys } from "@/lib/client/alerts";
import { makeQueryClient } from "@/lib/client/query-client";
import { bringTitles } from "@/lib/client/status";
import { STUCK_AT_FIRST, stuckKeys } from "@/lib/client/stuck";
import { readAgeHours } from "@/lib/client/stuck-age";
import { ListAlertsQuery } from "@/lib/contracts/alert";
import { readTitles } from "@/lib/reads/jobs";
import { seenState } from "@/lib/reads/seen-state";
import { readAlerts, readStuck } from "@/lib/reads/stuck";
import { StuckView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Stuck" };

const LONG_AGO = 1;

type Props = { searchParams: Promise<{ age?: string | string[] }> };

export default async function StuckPage({ searchParams }: Props) {
  const { age } = await searchParams;
  const ageHours = readAgeHours(typeof age === "string" ? age : age?.[0]);
  // The browser asks for strays itself: finding them means reading every process, and paths that may not answer.
  const [stuck, alerts] = await Promise.all([
    readStuck({ ageHours: ageHours ?? undefined, limit: STUCK_AT_FIRST }),
    readAlerts(ListAlertsQuery.parse({ open: "1" })),
  ]);
  const client = makeQueryClient();
  // When there are more, the browser asks at once.
  const updatedAt = stuck.nextCursor === null ? Date.now() : LONG_AGO;
  client.setQueryData(stuckKeys.list({ ageHours }), stuck, { updatedAt });
  bringTitles(client, await readTitles(stuck.items.map(({ run }) => run.job)));
  client.setQueryData(alertKeys.open, alerts);
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <StuckView />
    </HydrationBoundary>
  );
}
