import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { BootFailed } from "@/components/shell/boot-failed";
import { LiveProviders } from "@/components/shell/live-providers";
import { Shell } from "@/components/shell/shell";
import { healthQuery } from "@/lib/client/health";
import { makeQueryClient } from "@/lib/client/query-client";
import { statusKeys } from "@/lib/client/status";
import { pageReads } from "@/lib/page-reads";

export const dynamic = "force-dynamic";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const reads = pageReads();
  const health = reads.health();
  if (health.supervisor !== "ready") {
    return (
      <LiveProviders renderedAt={Date.now()}>
        <BootFailed initial={health} />
      </LiveProviders>
    );
  }
  const client = makeQueryClient();
  client.setQueryData(healthQuery.queryKey, health);
  client.setQueryData(statusKeys.jobs(), await reads.status());
  return (
    <LiveProviders renderedAt={Date.now()}>
      <HydrationBoundary state={dehydrate(client)}>
        <Shell version={health.version}>{children}</Shell>
      </HydrationBoundary>
    </LiveProviders>
  );
}
