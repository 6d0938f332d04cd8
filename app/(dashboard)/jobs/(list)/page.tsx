import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { jobKeys } from "@/lib/client/jobs";
import { makeQueryClient } from "@/lib/client/query-client";
import { statusKeys } from "@/lib/client/status";
import { MAX_PAGE_SIZE } from "@/lib/contracts/page";
import { readJobs, readStatus } from "@/lib/reads/jobs";
import { JobsView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Jobs" };

export default async function JobsPage() {
  const client = makeQueryClient();
  const [jobs, status] = await Promise.all([readJobs({ limit: MAX_PAGE_SIZE }), readStatus()]);
  client.setQueryData(statusKeys.jobs(), status);
  // A longer list is fetched to its end by the browser.
  if (jobs.nextCursor === null) client.setQueryData(jobKeys.list(), jobs.items);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <JobsView />
    </HydrationBoundary>
  );
}
