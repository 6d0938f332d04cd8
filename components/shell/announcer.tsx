"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { statusQuery } from "@/lib/client/status";
import { useConnection } from "./connection-badge";
import { describeChanges } from "./describe-changes";

/** Tells screen readers politely what changed without a key or click. */
export function Announcer() {
  const { data } = useQuery(statusQuery());
  const { lostSince } = useConnection();
  const before = useRef(data?.items);
  const [words, setWords] = useState("");
  const lost = lostSince !== null;
  const wasLost = useRef(false);
  useEffect(() => {
    const changes = describeChanges(before.current ?? [], data?.items ?? []);
    before.current = data?.items;
    if (changes !== "") setWords(changes);
  }, [data]);
  useEffect(() => {
    if (lost !== wasLost.current)
      setWords(lost ? "Offline: the server does not answer." : "The server answers again.");
    wasLost.current = lost;
  }, [lost]);
  return (
    <div role="status" aria-live="polite" className="sr-only" data-announcer>
      {words}
    </div>
  );
}
