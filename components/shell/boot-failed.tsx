"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Button } from "@/components/ui/button";
import { healthQuery } from "@/lib/client/health";
import type { HealthView } from "@/lib/contracts/health";

type Unready = Exclude<HealthView["supervisor"], "ready">;

const WORDS = {
  booting: {
    title: "Unstuck is starting",
    about: "It is looking at what is running before it shows anything. This page continues automatically.",
  },
  stopping: {
    title: "Unstuck is shutting down",
    about: "Runs that survive it keep running. This page comes back when it is started again.",
  },
  failed: {
    title: "Unstuck could not start",
    about:
      "Nothing was started, stopped or changed: jobs, runs, logs and checkpoints are as they were, and running programs keep running.",
  },
} as const satisfies Record<Unready, { title: string; about: string }>;

/** The whole page while the supervisor is not ready; it looks again every few seconds and goes on when it can. */
export function BootFailed({ initial }: { initial: HealthView }) {
  const router = useRouter();
  const { data, error, refetch, isFetching } = useQuery({ ...healthQuery, initialData: initial });
  const ready = data.supervisor === "ready";
  useEffect(() => {
    if (ready) router.refresh();
  }, [ready, router]);
  const state = data.supervisor === "ready" ? "booting" : data.supervisor;
  const { title, about } = WORDS[state];
  return (
    <main className="app-root mx-auto flex min-h-dvh max-w-xl flex-col justify-center gap-4 px-6 py-16">
      <p className="text-sm font-medium text-muted">Unstuck {data.version}</p>
      <div role="status" className="flex flex-col gap-4">
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        {data.reason !== null && (
          <div className="rounded-lg border border-bad/40 bg-bad/6 px-4 py-3">
            {data.code !== null && <code className="text-xs font-semibold text-bad">{data.code}</code>}
            <p className="mt-0.5">{data.reason}</p>
          </div>
        )}
        <p className="text-muted">{about}</p>
      </div>
      {state === "failed" && (
        <ol className="list-decimal space-y-1 pl-5 text-sm text-muted">
          <li>Put right what the reason names.</li>
          <li>Start Unstuck again.</li>
          <li>Leave this page open: it shows the dashboard as soon as it can.</li>
        </ol>
      )}
      <div className="flex items-center gap-3">
        <Button onClick={() => void refetch()} busy={isFetching}>
          Look again
        </Button>
        {error !== null && <p className="text-sm text-muted">The server does not answer at the moment.</p>}
      </div>
    </main>
  );
}
