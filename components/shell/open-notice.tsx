"use client";

import { LockOpen } from "lucide-react";
import { useMe } from "@/lib/client/session";

/** On every page while accounts are switched off: it is safe only as long as no one else reaches this address. */
export function OpenNotice() {
  const me = useMe();
  if (me?.via !== "open") return null;
  return (
    <div
      role="note"
      className="mb-6 flex gap-2.5 rounded-lg border border-warn/40 bg-warn/6 px-4 py-2 text-sm text-muted"
    >
      <LockOpen aria-hidden className="mt-1 size-3.5 shrink-0 text-warn" />
      <p className="min-w-0">
        <span className="font-medium text-fg">Accounts are switched off</span> (
        <code className="text-xs">UNSTUCK_AUTH=off</code>). Anyone who can reach this page can run commands as
        the user that Unstuck runs as.
      </p>
    </div>
  );
}
