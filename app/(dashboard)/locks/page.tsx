import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { LOCKS_SHOWN, lockKeys } from "@/lib/client/locks";
import { makeQueryClient } from "@/lib/client/query-client";
import { bringTitles } from "@/lib/client/status";
import { readTitles } from "@/lib/reads/jobs";
import { readLimits, readLocks } from "@/lib/reads/locks";
import { seenState } from "@/lib/reads/seen-state";
import { LocksView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Locks" };

export default async function LocksPage() {
  const [shared, own, limits] = await Promise.all([
    readLocks({ kind: "shared", limit: LOCKS_SHOWN }),
    readLocks({ kind: "own", limit: LOCKS_SHOWN }),
    readLimits(),
  ]);
  const client = makeQueryClient();
  client.setQueryData(lockKeys.list("shared"), shared);
  client.setQueryData(lockKeys.list("own"), own);
  client.setQueryData(lockKeys.limits(), limits);
  const shown = [...shared.items, ...own.items];
  const jobs = shown.flatMap(({ holder, waiting }) => (holder === null ? waiting : [holder, ...waiting]));
  bringTitles(client, await readTitles(jobs.map(({ job }) => job)));
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <LocksView />
    </HydrationBoundary>
  );
}
