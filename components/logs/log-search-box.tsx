"use client";

import { ChevronDown, ChevronUp, Search } from "lucide-react";
import { type KeyboardEvent, useId } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/field";
import type { LogView } from "@/lib/client/logs-view";
import { searchWords } from "./log-words";
import type { LogSearch } from "./use-log-search";

type LogSearchBoxProps = {
  search: LogSearch;
  view: LogView;
  onStep: (by: 1 | -1) => void;
  /** Escape in an empty box goes back to the log. */
  onLeave: () => void;
};

export function LogSearchBox({ search, view, onStep, onLeave }: LogSearchBoxProps) {
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
  const found = useId();
  const words = searchWords(search, view);
  return (
    <search className="flex min-w-0 flex-1 flex-wrap items-center gap-x-1 max-md:basis-full md:max-w-md">
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
          aria-describedby={found}
          className="h-7 pl-7 max-md:h-9"
        />
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
      {/* Beside what was typed: that a log was looked through is only said of the part that was. */}
      <p
        id={found}
        role="status"
        className={cn(
          "mt-1 basis-full text-xs tabular",
          idle ? "text-fg" : "text-muted",
          words === "" && "sr-only",
        )}
      >
        {words}
      </p>
    </search>
  );
}
