"use client";

import { useRouter } from "next/navigation";
import { type KeyboardEvent, useState } from "react";
import { HealthBadge } from "@/components/runs/health-badge";
import { STATE_TONE, StateBadge, type Tone } from "@/components/runs/state-badge";
import { STATE_LABEL } from "@/components/runs/state-words";
import { Ago, Elapsed } from "@/components/time/ago";
import { cn } from "@/components/ui/cn";
import type { RunView } from "@/lib/contracts/run";

/** Height differs too, so that the bar can be read without its colours. */
const PILL = {
  ok: "h-6 bg-ok/75",
  active: "h-7 bg-active motion-safe:animate-breathe",
  warn: "h-5 bg-warn/80",
  bad: "h-7 bg-bad",
  idle: "h-3.5 bg-idle/55",
} as const satisfies Record<Tone, string>;

/** The last runs as pills, oldest left. One tab stop; arrow keys move and show details, Enter opens the run. */
export function ActivityBar({ runs }: { runs: readonly RunView[] }) {
  const router = useRouter();
  const oldestFirst = [...runs].reverse();
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = oldestFirst.find(({ id }) => id === chosen) ?? oldestFirst.at(-1);
  if (shown === undefined) return null;
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const at = oldestFirst.indexOf(shown);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: oldestFirst.length - 1 }[event.key];
    const next = to === undefined ? undefined : oldestFirst[to];
    if (next === undefined) return;
    event.preventDefault();
    setChosen(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-pill="${next.id}"]`)?.focus();
  };
  return (
    <div className="flex flex-col gap-2 px-4 py-3">
      <div
        role="toolbar"
        tabIndex={-1}
        aria-label={`Last ${runs.length} runs, oldest first`}
        onKeyDown={move}
        className="flex h-8 items-end gap-[3px] overflow-hidden"
      >
        {oldestFirst.map((run) => (
          <button
            key={run.id}
            type="button"
            data-pill={run.id}
            tabIndex={run === shown ? 0 : -1}
            aria-label={`${STATE_LABEL[run.state]}, ${run.id}`}
            onClick={() => router.push(`/runs/${run.id}`)}
            onPointerEnter={() => setChosen(run.id)}
            onFocus={() => setChosen(run.id)}
            className="flex h-8 max-w-5 min-w-[3px] flex-1 items-end rounded-[3px] focus-visible:outline-offset-0"
          >
            <span
              className={cn(
                "w-full rounded-[3px]",
                PILL[STATE_TONE[run.state]],
                run === shown && "ring-2 ring-fg/70 ring-inset",
              )}
            />
          </button>
        ))}
      </div>
      <p className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
        <StateBadge state={shown.state} />
        <HealthBadge health={shown.health} />
        <Ago at={shown.startedAt ?? shown.queuedAt} />
        <span>
          took <Elapsed since={shown.startedAt} until={shown.endedAt} />
        </span>
      </p>
    </div>
  );
}
