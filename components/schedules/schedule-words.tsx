import type { ScheduleView } from "@/lib/contracts/schedule";

type Worded = Pick<ScheduleView, "words" | "when" | "timezone" | "daysOff">;

/** `Every day at 03:00 · Europe/Vienna`. An interval has no zone, unless days off are counted in it. */
export function ScheduleWords({ schedule }: { schedule: Worded }) {
  const { words, when, timezone } = schedule;
  const isWritten = when.by === "cron" && words === when.expression;
  return (
    <span title={when.by === "cron" && !isWritten ? when.expression : undefined}>
      {isWritten ? <code className="text-xs">{words}</code> : words}
      {hasZone(schedule) && <span className="font-normal whitespace-nowrap text-muted"> · {timezone}</span>}
    </span>
  );
}

function hasZone({ when, daysOff }: Pick<Worded, "when" | "daysOff">): boolean {
  return when.by === "cron" || daysOff.dates.length + daysOff.weekdays.length > 0;
}

/** What is not active says so. */
export function ScheduleState({ schedule: { enabled, next } }: { schedule: ScheduleView }) {
  if (enabled && next !== null) return null;
  return (
    <span className="shrink-0 rounded-sm bg-raised px-1.5 text-xs font-normal text-muted">
      {enabled ? "ended" : "paused"}
    </span>
  );
}

/** How it is called in the name of a button: by its title, else by when it comes. */
export function nameOf({ title, words }: Pick<ScheduleView, "title" | "words">): string {
  return title ?? words;
}
