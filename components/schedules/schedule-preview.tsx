"use client";

import { useNow } from "@/components/time/clock";
import { cn } from "@/components/ui/cn";
import { formatLeft } from "@/lib/client/elapsed";
import type { DueTimeView } from "@/lib/contracts/schedule";
import type { Preview } from "./use-schedule-preview";

/** The next ten times of what is typed; in words, which alone are read out when they change. */
export function SchedulePreview({ preview: { answer, isOld, refused, problem } }: { preview: Preview }) {
  return (
    <section
      aria-label="Next times"
      className="min-w-0 rounded-md border border-dashed border-line px-3 py-2.5"
    >
      <p aria-live="polite" className="text-sm font-medium wrap-anywhere">
        {answer === null ? "Next times" : answer.words}
      </p>
      <p className="mb-1.5 text-xs text-faint">
        {answer === null ? hintFor(Object.keys(refused).length > 0, problem) : `In ${answer.timezone}`}
      </p>
      {answer !== null && answer.times.length === 0 && (
        <p className="text-xs font-medium text-warn">
          This never happens. Check the days, the days off and the end.
        </p>
      )}
      {answer !== null && (
        <ol className={cn("flex flex-col", isOld && "opacity-60")} data-preview={isOld ? "old" : "current"}>
          {answer.times.map((time) => (
            <NextTime key={`${time.at} ${time.local}`} time={time} />
          ))}
        </ol>
      )}
    </section>
  );
}

function hintFor(isRefused: boolean, problem: unknown): string {
  if (problem !== null) return problem instanceof Error ? problem.message : "They cannot be shown.";
  return isRefused
    ? "None: what is typed cannot be read."
    : "Shown here once you say when the job should start.";
}

function NextTime({ time: { at, local, offset, words } }: { time: DueTimeView }) {
  const now = useNow();
  const left = Date.parse(at) - now;
  return (
    <li className="border-t border-line py-1 text-xs first:border-t-0">
      <p className="flex justify-between gap-x-3">
        <time dateTime={at} className="tabular whitespace-nowrap" title={`UTC ${offset}`}>
          {weekday(local)} {local}
        </time>
        <span className="text-faint tabular whitespace-nowrap">
          {left < 1_000 ? "now" : formatLeft(left)}
        </span>
      </p>
      {words !== null && <p className="text-warn">{words}</p>}
    </li>
  );
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** @param local `2026-12-24 03:00` */
function weekday(local: string): string {
  return DAYS[new Date(`${local.slice(0, 10)}T00:00:00Z`).getUTCDay()] ?? "";
}
