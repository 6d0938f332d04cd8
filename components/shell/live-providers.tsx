"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { ClockProvider } from "@/components/time/clock";
import { makeQueryClient } from "@/lib/client/query-client";

export function LiveProviders({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  const [client] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <ClockProvider renderedAt={renderedAt}>{children}</ClockProvider>
      </NuqsAdapter>
    </QueryClientProvider>
  );
}
