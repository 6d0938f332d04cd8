import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { BootFailed } from "@/components/shell/boot-failed";
import { LiveProviders } from "@/components/shell/live-providers";
import { Shell } from "@/components/shell/shell";
import { healthQuery } from "@/lib/client/health";
import { makeQueryClient } from "@/lib/client/query-client";
import { STATUS_ORDER, STATUS_SHOWN, statusKeys } from "@/lib/client/status";
import { readHealth } from "@/lib/reads/health";
import { readStatusPage } from "@/lib/reads/jobs";

export const dynamic = "force-dynamic";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const health = readHealth();
  if (health.supervisor !== "ready") {
    return (
      <LiveProviders renderedAt={Date.now()}>
        <BootFailed initial={health} />
      </LiveProviders>
    );
  }
  const client = makeQueryClient();
  client.setQueryData(healthQuery.queryKey, health);
  const status = await readStatusPage({ limit: STATUS_SHOWN, order: STATUS_ORDER });
  client.setQueryData(statusKeys.jobs(), status);
  return (
    <LiveProviders renderedAt={Date.now()}>
      <HydrationBoundary state={dehydrate(client)}>
        <Shell version={health.version}>{children}</Shell>
      </HydrationBoundary>
    </LiveProviders>
  );
}
