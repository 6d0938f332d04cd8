import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { BootFailed } from "@/components/shell/boot-failed";
import { LiveProviders } from "@/components/shell/live-providers";
import { Shell } from "@/components/shell/shell";
import { healthQuery } from "@/lib/client/health";
import { makeQueryClient } from "@/lib/client/query-client";
import { sessionKeys } from "@/lib/client/session";
import { readSession } from "@/lib/reads/accounts";
import { readHealth } from "@/lib/reads/health";

export const dynamic = "force-dynamic";

export default function DashboardLayout({ children }: { children: ReactNode }) {
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
  client.setQueryData(sessionKeys.session, readSession());
  return (
    <LiveProviders renderedAt={Date.now()}>
      <HydrationBoundary state={dehydrate(client)}>
        <Shell version={health.version}>{children}</Shell>
      </HydrationBoundary>
    </LiveProviders>
  );
}
