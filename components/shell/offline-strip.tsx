"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Unplug } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { formatElapsed } from "@/lib/client/elapsed";
import { statusQuery } from "@/lib/client/status";
import { useConnection } from "./connection-badge";

/** On top of every page while the server is gone: how old what is shown is, and one press to look again. It leaves by itself. */
export function OfflineStrip({ stayed }: { stayed: boolean }) {
  const { lostSince, lastAnswerAt } = useConnection();
  const { dataUpdatedAt } = useQuery(statusQuery());
  if (lostSince === null) return null;
  return <Strip since={(dataUpdatedAt === 0 ? lastAnswerAt : dataUpdatedAt) ?? lostSince} stayed={stayed} />;
}

function Strip({ since, stayed }: { since: number; stayed: boolean }) {
  const client = useQueryClient();
  const [trying, setTrying] = useState(false);
  const now = usePresent();
  const tryNow = async () => {
    setTrying(true);
    await client.refetchQueries({ type: "active" }).finally(() => setTrying(false));
  };
  return (
    <div
      data-offline-strip
      className="sticky top-0 z-20 flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-warn bg-warn px-4 py-1.5 text-sm text-surface md:col-span-2 md:px-8"
    >
      <Unplug aria-hidden className="size-4 shrink-0" />
      <p className="min-w-0 flex-1">
        <span className="font-semibold">Offline.</span> The dashboard’s server does not answer.{" "}
        <span className="tabular">Data from {formatElapsed(now - since)} ago.</span>
        {stayed && <span className="font-semibold"> That page needs the server, so this one stays.</span>}
      </p>
      <Button size="sm" busy={trying} onClick={() => void tryNow()}>
        Try now
      </Button>
    </div>
  );
}

/** The browser's own clock: the page's stands still while the server is gone. */
function usePresent(): number {
  return useSyncExternalStore(
    (changed) => {
      const timer = setInterval(changed, 1_000);
      return () => clearInterval(timer);
    },
    () => Math.floor(Date.now() / 1_000) * 1_000,
    () => 0,
  );
}
