import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { alertKeys } from "@/lib/client/alerts";
import { makeQueryClient } from "@/lib/client/query-client";
import { strayKeys } from "@/lib/client/strays";
import { STUCK_SHOWN, stuckKeys } from "@/lib/client/stuck";
import { readAgeHours } from "@/lib/client/stuck-age";
import { pageReads } from "@/lib/page-reads";
import { StuckView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Stuck" };

type Props = { searchParams: Promise<{ age?: string | string[] }> };

export default async function StuckPage({ searchParams }: Props) {
  const { age } = await searchParams;
  const ageHours = readAgeHours(typeof age === "string" ? age : age?.[0]);
  const reads = pageReads();
  const [stuck, alerts, strays] = await Promise.all([
    reads.stuck({ ageHours, limit: STUCK_SHOWN }),
    reads.openAlerts(),
    reads.strays(),
  ]);
  const client = makeQueryClient();
  client.setQueryData(stuckKeys.list({ ageHours }), stuck);
  client.setQueryData(alertKeys.open, alerts);
  client.setQueryData(strayKeys.all, strays);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <StuckView />
    </HydrationBoundary>
  );
}
