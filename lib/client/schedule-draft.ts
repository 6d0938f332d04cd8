import type { ScheduleView } from "@/lib/contracts/schedule";
import { MISSED_POLICIES, type MissedPolicy, type Overlap, type SlotMode } from "@/lib/domain/schedule";
import { formatCommandLine } from "./command-line";
import { formatDurationText } from "./duration-text";
import { wallTimeIn } from "./zone-time";

/** The form of a schedule as it is typed. Times are wall clocks of its time zone. */
export type ScheduleDraft = {
  readonly by: "cron" | "interval";
  readonly expression: string;
  readonly every: string;
  /** From when an interval counts; empty: from now on. */
  readonly from: string;
  readonly timezone: string;
  readonly title: string;
  readonly startsAt: string;
  readonly endsAt: string;
  /** One a line. */
  readonly dates: string;
  readonly weekdays: readonly number[];
  readonly jitter: string;
  readonly missed: MissedPolicy;
  readonly most: string;
  readonly overlap: Overlap;
  readonly mode: SlotMode;
  /** As one line of a command. */
  readonly args: string;
};
export type ScheduleField = keyof ScheduleDraft;

const USUAL_MOST = 10;

export function emptyDraft(timezone: string): ScheduleDraft {
  return {
    ...{ by: "cron", expression: "", every: "", from: "", timezone, title: "", startsAt: "", endsAt: "" },
    ...{ dates: "", weekdays: [], jitter: "", missed: "last", most: String(USUAL_MOST) },
    ...{ overlap: "skip", mode: "auto", args: "" },
  };
}

export function draftOfSchedule(schedule: ScheduleView): ScheduleDraft {
  const { when, timezone, startsAt, endsAt, daysOff, jitterMs, missed, args } = schedule;
  const wall = (iso: string | null) => (iso === null ? "" : wallTimeIn(iso, timezone));
  return {
    by: when.by,
    expression: when.by === "cron" ? when.expression : "",
    every: when.by === "cron" ? "" : formatDurationText(when.everyMs),
    from: when.by === "cron" ? "" : wall(when.from),
    timezone,
    title: schedule.title ?? "",
    startsAt: wall(startsAt),
    endsAt: wall(endsAt),
    dates: daysOff.dates.map((dates) => dates.replace("/", " to ")).join("\n"),
    weekdays: daysOff.weekdays,
    jitter: jitterMs === 0 ? "" : formatDurationText(jitterMs),
    missed: missed.policy,
    most: String(missed.policy === "all" ? missed.most : USUAL_MOST),
    overlap: schedule.overlap,
    mode: schedule.mode,
    args: args === null ? "" : formatCommandLine(args),
  };
}

/** What most leave as it is. Whether anything of it is said decides whether it is folded away. */
const MORE: readonly ScheduleField[] = [
  ...([
    "title",
    "startsAt",
    "endsAt",
    "dates",
    "weekdays",
    "jitter",
    "missed",
    "overlap",
    "mode",
    "args",
  ] as const),
];

export function saysMore(draft: ScheduleDraft): boolean {
  const empty = emptyDraft(draft.timezone);
  return MORE.some((name) => JSON.stringify(draft[name]) !== JSON.stringify(empty[name]));
}

export function isMore(field: ScheduleField | "parameters"): boolean {
  return field === "parameters" || field === "most" || MORE.includes(field);
}

export function isMissedPolicy(text: string): text is MissedPolicy {
  return MISSED_POLICIES.some((policy) => policy === text);
}

/** What a person picks instead of writing an expression. */
export const QUICK_PICKS = [
  { label: "Hourly", expression: "0 * * * *" },
  { label: "Daily", expression: "0 3 * * *" },
  { label: "Weekdays", expression: "0 3 * * 1-5" },
  { label: "Weekly", expression: "0 3 * * 1" },
  { label: "Monthly", expression: "0 3 1 * *" },
] as const;
