"use client";

import { useEffect, useMemo, useState } from "react";
import { hitNear, LoadedSearch, type LogHit, toPattern } from "@/lib/client/logs-search";
import type { LogView } from "@/lib/client/logs-view";

export interface LogSearch {
  readonly query: string;
  readonly setQuery: (query: string) => void;
  readonly pattern: RegExp | null;
  readonly hits: readonly LogHit[];
  /** Everything loaded is searched. */
  readonly done: boolean;
  /** Place of the shown hit among `hits`; -1 before the first step. */
  readonly index: number;
  /** Goes one hit on (1) or back (-1), at first to the one nearest to `fromKey`. The hit to show, or null. */
  readonly step: (by: 1 | -1, fromKey: number) => LogHit | null;
}

/** Time a slice of searching may take, so that typing and scrolling stay smooth. */
const SLICE_MS = 8;

type Found = {
  readonly search: LoadedSearch | null;
  readonly hits: readonly LogHit[];
  readonly done: boolean;
};
const NOTHING: Found = { search: null, hits: [], done: true };

export function useLogSearch(view: LogView): LogSearch {
  const [query, setQuery] = useState("");
  const [current, setCurrent] = useState<LogHit | null>(null);
  const pattern = useMemo(() => toPattern(query), [query]);
  const { hits, done } = useHits(view, pattern);
  const index = useMemo(
    () => (current === null ? -1 : hits.findIndex((hit) => isSame(hit, current))),
    [hits, current],
  );

  const step = (by: 1 | -1, fromKey: number): LogHit | null => {
    if (hits.length === 0) return null;
    const next = index === -1 ? hitNear(hits, fromKey) : (index + by + hits.length) % hits.length;
    const hit = hits[next] ?? null;
    setCurrent(hit);
    return hit;
  };

  const ask = (text: string) => {
    setQuery(text);
    setCurrent(null);
  };

  return { query, setQuery: ask, pattern, hits, done, index, step };
}

function useHits(view: LogView, pattern: RegExp | null): Found {
  const [found, setFound] = useState<Found>(NOTHING);
  const { buffer } = view;
  const search = useMemo(
    () => (pattern === null ? null : new LoadedSearch(buffer, pattern)),
    [buffer, pattern],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: every new view may hold lines not searched yet
  useEffect(() => {
    if (search === null) return setFound(NOTHING);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const work = () => {
      const until = performance.now() + SLICE_MS;
      const done = search.advance(() => performance.now() > until);
      setFound({ search, hits: search.hits, done });
      if (!done) timer = setTimeout(work, 0);
    };
    work();
    return () => clearTimeout(timer);
  }, [search, view]);

  // What the search before it found is no answer to this one.
  return found.search === search ? found : { search, hits: NOTHING.hits, done: search === null };
}

function isSame(a: LogHit, b: LogHit): boolean {
  return a.key === b.key && a.from === b.from;
}
