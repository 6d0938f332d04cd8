import { Ago } from "@/components/time/ago";
import { cn } from "@/components/ui/cn";
import type { RunEventView } from "@/lib/contracts/run";
import { describeEvent } from "./describe-event";

/** What happened to the run, newest first. */
export function Timeline({ events }: { events: readonly RunEventView[] }) {
  const newestFirst = [...events].sort((a, b) => b.id - a.id);
  return (
    <ol className="px-4 py-3">
      {newestFirst.map((event, index) => (
        <TimelineEvent
          key={event.id}
          event={event}
          newest={index === 0}
          last={index === newestFirst.length - 1}
        />
      ))}
    </ol>
  );
}

function TimelineEvent({ event, newest, last }: { event: RunEventView; newest: boolean; last: boolean }) {
  const { title, facts } = describeEvent(event);
  return (
    <li className="relative flex gap-3 pb-3 last:pb-0">
      {!last && <span aria-hidden className="absolute top-4 bottom-[-4px] left-[3px] w-px bg-line" />}
      <span
        aria-hidden
        className={cn("mt-1.5 size-[7px] shrink-0 rounded-full", newest ? "bg-fg" : "bg-faint/60")}
      />
      <div className="min-w-0 flex-1 text-sm">
        <div className="flex flex-wrap items-baseline justify-between gap-x-3">
          <span className={newest ? "font-medium" : undefined}>{title}</span>
          <Ago at={event.at} className="text-xs text-faint" />
        </div>
        {facts !== "" && <p className="text-xs text-muted">{facts}</p>}
      </div>
    </li>
  );
}
