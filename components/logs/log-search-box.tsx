"use client";

import { ChevronDown, ChevronUp, Search } from "lucide-react";
import type { KeyboardEvent } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/field";
import { MAX_HITS } from "@/lib/client/logs-search";
import { counted, grouped } from "./log-words";
import type { LogSearch } from "./use-log-search";

type LogSearchBoxProps = {
  search: LogSearch;
  onStep: (by: 1 | -1) => void;
  /** Escape in an empty box goes back to the log. */
  onLeave: () => void;
};

export function LogSearchBox({ search, onStep, onLeave }: LogSearchBoxProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      onStep(event.shiftKey ? -1 : 1);
    }
    if (event.key === "Escape") {
      event.preventDefault();
      if (search.query === "") onLeave();
      else search.setQuery("");
    }
  };
  const idle = search.hits.length === 0;
  return (
    <search className="flex min-w-0 flex-1 items-center gap-1 max-md:basis-full md:max-w-md">
      <div className="relative min-w-0 flex-1">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-faint"
        />
        <Input
          data-search
          value={search.query}
          onChange={(event) => search.setQuery(event.target.value)}
          onKeyDown={onKeyDown}
          enterKeyHint="search"
          aria-label="Search the loaded lines"
          placeholder="Search the loaded lines"
          className={cn("h-7 pl-7 max-md:h-9", search.query !== "" && "pr-28")}
        />
        <span
          role="status"
          className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-xs text-muted tabular"
        >
          {countWords(search)}
        </span>
      </div>
      <Button
        size="icon"
        look="quiet"
        disabled={idle}
        onClick={() => onStep(-1)}
        aria-label="Previous match"
        title="Previous match (Shift+Enter)"
        icon={<ChevronUp aria-hidden />}
      />
      <Button
        size="icon"
        look="quiet"
        disabled={idle}
        onClick={() => onStep(1)}
        aria-label="Next match"
        title="Next match (Enter)"
        icon={<ChevronDown aria-hidden />}
      />
    </search>
  );
}

function countWords({ query, hits, done, index }: LogSearch): string {
  if (query === "") return "";
  const more = hits.length >= MAX_HITS ? "+" : done ? "" : "…";
  if (hits.length === 0) return done ? "no match" : "searching…";
  if (index === -1)
    return more === ""
      ? counted(hits.length, "match").replace(/hs$/, "hes")
      : `${grouped(hits.length)}${more} matches`;
  return `${grouped(index + 1)} of ${grouped(hits.length)}${more}`;
}
