import type { z } from "zod";
import type {
  CreateScheduleBody,
  DueTimeView,
  ListedSchedule,
  PatchScheduleBody,
  PreviewBody,
  ScheduleView,
  SlotView,
  UpcomingView,
} from "@/lib/contracts/schedule";
import { clockWords, offsetWords, wallTime } from "@/lib/domain/clock-words";
import type { PlannedSchedule } from "@/lib/domain/ports/schedules";
import {
  type DaysOff,
  type DueTime,
  NO_DAYS_OFF,
  type ScheduleWhen,
  type Slot,
  type Timing,
} from "@/lib/domain/schedule";
import { scheduleWords } from "@/lib/domain/schedule-words";
import { nextTime } from "@/lib/services/schedules/preview";
import type { ScheduleInput } from "@/lib/services/schedules/save-schedule";
import type { Upcoming } from "@/lib/services/schedules/upcoming";

const instant = (at: number) => new Date(at).toISOString();
const instantOrNull = (at: number | null) => (at === null ? null : instant(at));
const epoch = (text: string | null | undefined) =>
  text == null ? (text as null | undefined) : Date.parse(text);

export function toDueTimeView(time: DueTime): DueTimeView {
  return {
    at: instant(time.at),
    local: wallTime(time),
    offset: offsetWords(time.offsetMs),
    words: clockWords(time),
  };
}

export function toScheduleView(planned: PlannedSchedule): ScheduleView {
  const { schedule } = planned;
  const { jobId, when, startsAt, endsAt, createdAt, updatedAt, args, daysOff, ...rest } = schedule;
  const next = nextTime(planned);
  return {
    ...rest,
    job: jobId,
    when: when.by === "cron" ? { ...when } : { ...when, from: instant(when.from) },
    words: scheduleWords(when),
    daysOff: { dates: [...daysOff.dates], weekdays: [...daysOff.weekdays] },
    startsAt: instantOrNull(startsAt),
    endsAt: instantOrNull(endsAt),
    missed: { ...rest.missed },
    args: args === null ? null : [...args],
    parameters: rest.parameters === null ? null : { ...rest.parameters },
    createdAt: instant(createdAt),
    updatedAt: instant(updatedAt),
    next: next === null ? null : toDueTimeView(next),
  };
}

/** @param last its newest time that has come; null: none has */
export function toListedSchedule(planned: PlannedSchedule, last: Slot | null): ListedSchedule {
  return { ...toScheduleView(planned), last: last === null ? null : toSlotView(last) };
}

export function toUpcomingView({ schedule, times, sampledMs }: Upcoming): UpcomingView {
  const { id, jobId, title, when } = schedule;
  return { id, job: jobId, title, words: scheduleWords(when), times: times.map(instant), sampledMs };
}

export function toSlotView({ slot, state, runId, why, count, at }: Slot): SlotView {
  return { slot: instant(slot), state, run: runId, why, count, at: instant(at) };
}

type Patch = Omit<z.output<typeof PatchScheduleBody>, "version">;
type Create = z.output<typeof CreateScheduleBody>;

/** As services have it: times in epoch milliseconds. What was not said stays so. */
export function toScheduleInput(body: Patch): ScheduleInput {
  const { when, daysOff, startsAt, endsAt, missed, parameters, ...rest } = body;
  return {
    ...rest,
    when: when === undefined ? undefined : toWhen(when),
    daysOff: daysOff === undefined ? undefined : toDaysOff(daysOff),
    startsAt: epoch(startsAt),
    endsAt: epoch(endsAt),
    missed: missed === undefined ? undefined : { policy: missed.policy, most: missed.most ?? 1 },
    // Their values are checked against what the job declares.
    parameters: parameters as ScheduleInput["parameters"],
  };
}

export function toNewSchedule(body: Create): ScheduleInput & Pick<Timing, "when" | "timezone"> {
  return { ...toScheduleInput(body), when: toWhen(body.when), timezone: body.timezone };
}

export function toTiming(body: z.output<typeof PreviewBody>): Timing {
  const { timezone, daysOff, startsAt, endsAt } = body;
  return {
    when: toWhen(body.when),
    timezone,
    daysOff: toDaysOff(daysOff ?? {}),
    startsAt: epoch(startsAt) ?? null,
    endsAt: epoch(endsAt) ?? null,
  };
}

function toWhen(when: z.output<typeof CreateScheduleBody>["when"]): ScheduleWhen {
  return when.by === "cron" ? when : { ...when, from: Date.parse(when.from) };
}

function toDaysOff({ dates, weekdays }: NonNullable<Create["daysOff"]>): DaysOff {
  return { dates: dates ?? NO_DAYS_OFF.dates, weekdays: weekdays ?? NO_DAYS_OFF.weekdays };
}
