"use client";

import { useQuery } from "@tanstack/react-query";
import { CirclePause, Unplug } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useNow } from "@/components/time/clock";
import { cn } from "@/components/ui/cn";
import { readConnection, subscribeConnection } from "@/lib/client/connection";
import { formatAgo } from "@/lib/client/elapsed";
import { statusQuery } from "@/lib/client/status";

const UNKNOWN = { lastAnswerAt: null, lostSince: null, skewMs: 0 };

export function useConnection() {
  return useSyncExternalStore(subscribeConnection, readConnection, () => UNKNOWN);
}

/** Whether what is on screen is the present; never a frozen page that looks live. */
export function ConnectionBadge({ className }: { className?: string }) {
  const visible = useVisible();
  const { lostSince } = useConnection();
  const { error } = useQuery(statusQuery());
  const look = cn("flex min-h-6 items-center gap-2 text-xs text-muted", className);
  // How old what is shown is, the strip on top of the page tells.
  if (lostSince !== null) return <Offline className={look} />;
  if (error !== null) return <NotUpToDate className={look} />;
  if (!visible) {
    return (
      <div className={look} data-connection="paused">
        <CirclePause aria-hidden className="size-3.5" /> paused
      </div>
    );
  }
  return (
    <div className={look} data-connection="live">
      <span aria-hidden className="size-2 rounded-full bg-accent" /> live
    </div>
  );
}

function Offline({ className }: { className: string }) {
  return (
    <div className={cn(className, "font-medium text-fg")} data-connection="offline">
      <Unplug aria-hidden className="size-3.5 shrink-0" /> offline
    </div>
  );
}

/** The server answers, and cannot tell the state of things. */
function NotUpToDate({ className }: { className: string }) {
  const now = useNow();
  const { lastAnswerAt, skewMs } = useConnection();
  const { dataUpdatedAt } = useQuery(statusQuery());
  const shownAsOf = dataUpdatedAt === 0 ? lastAnswerAt : dataUpdatedAt;
  return (
    <div className={cn(className, "font-medium text-fg")} data-connection="offline">
      <Unplug aria-hidden className="size-3.5 shrink-0" />
      <span className="tabular">
        not up to date
        {shownAsOf !== null && ` – data from ${formatAgo(now - skewMs - shownAsOf)}`}
      </span>
    </div>
  );
}

function useVisible(): boolean {
  return useSyncExternalStore(
    (changed) => {
      document.addEventListener("visibilitychange", changed);
      return () => document.removeEventListener("visibilitychange", changed);
    },
    () => document.visibilityState !== "hidden",
    () => true,
  );
}
