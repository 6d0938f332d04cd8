import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/lib/client/query-client";
import { scheduleKeys, UPCOMING_HOURS } from "@/lib/client/schedules";
import { bringTitles } from "@/lib/client/status";
import { readTitles } from "@/lib/reads/jobs";
import { readSchedules, readUpcoming } from "@/lib/reads/schedules";
import { seenState } from "@/lib/reads/seen-state";
import { SchedulesView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Schedules" };

export default async function SchedulesPage() {
  const [schedules, upcoming] = await Promise.all([readSchedules(), readUpcoming(UPCOMING_HOURS)]);
  const client = makeQueryClient();
  client.setQueryData(scheduleKeys.list(), schedules);
  client.setQueryData(scheduleKeys.upcoming(), upcoming);
  bringTitles(client, await readTitles(schedules.items.map(({ job }) => job)));
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <SchedulesView />
    </HydrationBoundary>
  );
}
