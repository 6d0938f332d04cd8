"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { httpLogSource } from "@/lib/client/logs";
import { LogStream } from "@/lib/client/logs-stream";
import type { LogView } from "@/lib/client/logs-view";

type Run = { readonly runId: string; readonly active: boolean; readonly logBytes: number };

/** @param openAt the byte offset to open at; null: at the end. Only the first value counts. */
export function useLogStream(
  { runId, active, logBytes }: Run,
  openAt: number | null,
): readonly [LogStream, LogView] {
  const [stream] = useState(() => new LogStream(httpLogSource(runId), logBytes, openAt));
  const view = useSyncExternalStore(stream.subscribe, stream.snapshot, stream.snapshot);

  // Before the start below, so that the first read knows whether it may be the last.
  useEffect(() => stream.setRun(active, logBytes), [stream, active, logBytes]);

  useEffect(() => {
    const look = () => stream.setVisible(document.visibilityState !== "hidden");
    look();
    stream.start();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      stream.stop();
    };
  }, [stream]);

  return [stream, view];
}
