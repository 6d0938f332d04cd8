import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/lib/client/query-client";
import { JOBS_PER_PAGE, statusKeys } from "@/lib/client/status";
import { readStatusPage } from "@/lib/reads/jobs";
import { seenState } from "@/lib/reads/seen-state";
import { JobsView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Jobs" };

export default async function JobsPage() {
  const client = makeQueryClient();
  const page = await readStatusPage({ limit: JOBS_PER_PAGE });
  client.setQueryData(statusKeys.list(""), { pages: [page], pageParams: [null] });
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <JobsView />
    </HydrationBoundary>
  );
}
