import type { CreateScheduleInput, PreviewInput, ScheduleView } from "@/lib/contracts/schedule";
import { MOST_MISSED } from "@/lib/domain/schedule";
import { parseCommandLine } from "./command-line";
import { parseDurationText } from "./duration-text";
import type { ScheduleDraft, ScheduleField } from "./schedule-draft";
import { instantOf, isTimezone, wallTimeIn } from "./zone-time";

export type DraftIssues = Partial<Record<ScheduleField, string>>;
export type ReadTiming = Required<Omit<PreviewInput, "count">>;
export type ReadSchedule = Omit<CreateScheduleInput, "enabled" | "parameters">;
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: DraftIssues };

/** What a text of the draft means, or what is wrong with it. */
type Read<Value> = { readonly value: Value } | { readonly issue: string };

const DAY_MS = 86_400_000;
const MOST_EVERY_MS = 366 * DAY_MS;

/**
 * All that says when it is due.
 * @param before what the form was made of: a time that was not touched stays as exact as it was
 * @param madeAt epoch milliseconds, from which an interval counts that says nothing else
 */
export function readTiming(
  draft: ScheduleDraft,
  before: ScheduleView | null,
  madeAt: number,
): Reading<ReadTiming> {
  if (!isTimezone(draft.timezone.trim()))
    return { ok: false, issues: { timezone: zoneIssue(draft.timezone), ...whenIssues(draft) } };
  const timezone = draft.timezone.trim();
  const instant = (text: string, kept: string | null) => readInstant(text, timezone, kept, before);
  const parts = {
    expression: draft.by === "cron" ? readExpression(draft.expression) : { value: "" },
    every: draft.by === "interval" ? readEvery(draft.every) : { value: 0 },
    from: draft.by === "interval" ? instant(draft.from, fromOf(before)) : { value: null },
    startsAt: instant(draft.startsAt, before?.startsAt ?? null),
    endsAt: instant(draft.endsAt, before?.endsAt ?? null),
    dates: readDates(draft.dates),
  };
  const { expression, every, from, startsAt, endsAt, dates } = parts;
  if (
    !isRead(expression) ||
    !isRead(every) ||
    !isRead(from) ||
    !isRead(startsAt) ||
    !isRead(endsAt) ||
    !isRead(dates)
  )
    return { ok: false, issues: issuesOf(parts) };
  if (startsAt.value !== null && endsAt.value !== null && startsAt.value >= endsAt.value)
    return { ok: false, issues: { endsAt: "Expected an end after the start." } };
  const counted = from.value ?? new Date(madeAt).toISOString();
  const when =
    draft.by === "cron"
      ? ({ by: "cron", expression: expression.value } as const)
      : ({ by: "interval", everyMs: every.value, from: counted } as const);
  const daysOff = { dates: [...dates.value], weekdays: [...draft.weekdays] };
  return { ok: true, value: { when, timezone, daysOff, startsAt: startsAt.value, endsAt: endsAt.value } };
}

/** All of it but its parameters, as it is sent. */
export function readScheduleDraft(
  draft: ScheduleDraft,
  before: ScheduleView | null,
  madeAt: number,
): Reading<ReadSchedule> {
  const timing = readTiming(draft, before, madeAt);
  const parts = {
    jitter: readJitter(draft.jitter),
    most: readMost(draft),
    args: readArgs(draft.args, before),
  };
  const { jitter, most, args } = parts;
  if (!timing.ok || !isRead(jitter) || !isRead(most) || !isRead(args))
    return { ok: false, issues: { ...(timing.ok ? {} : timing.issues), ...issuesOf(parts) } };
  const { missed: policy, overlap, mode } = draft;
  const title = draft.title.trim() === "" ? null : draft.title.trim();
  const missed = { policy, most: most.value };
  const rest = { title, jitterMs: jitter.value, missed, overlap, mode, args: args.value };
  return { ok: true, value: { ...timing.value, ...rest } };
}

function isRead<Value>(read: Read<Value>): read is { readonly value: Value } {
  return "value" in read;
}

function issuesOf(parts: Partial<Record<ScheduleField, Read<unknown>>>): DraftIssues {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([field, read]) => (isRead(read) ? [] : [[field, read.issue]])),
  );
}

function whenIssues({ by, expression, every }: ScheduleDraft): DraftIssues {
  return issuesOf(by === "cron" ? { expression: readExpression(expression) } : { every: readEvery(every) });
}

function zoneIssue(text: string): string {
  if (text.trim() === "") return "Required.";
  return `Expected the name of a time zone such as Europe/Vienna, found “${text.trim()}”.`;
}

function readExpression(text: string): Read<string> {
  return text.trim() === "" ? { issue: "Required." } : { value: text.trim() };
}

function readEvery(text: string): Read<number> {
  if (text.trim() === "") return { issue: "Required." };
  const ms = parseDurationText(text);
  if (ms === null) return { issue: durationIssue(text) };
  if (ms < 1_000) return { issue: "Expected at least 1 s." };
  return ms > MOST_EVERY_MS ? { issue: "Expected at most 366 d." } : { value: ms };
}

function durationIssue(text: string): string {
  return `Expected a length of time such as 90 s, 10 min or 1 h 30 min, found “${text.trim()}”.`;
}

function fromOf(before: ScheduleView | null): string | null {
  return before?.when.by === "interval" ? before.when.from : null;
}

function readInstant(
  text: string,
  timezone: string,
  kept: string | null,
  before: ScheduleView | null,
): Read<string | null> {
  if (text.trim() === "") return { value: null };
  // The field has no milliseconds, and says nothing of the second of two hours.
  if (kept !== null && timezone === before?.timezone && text === wallTimeIn(kept, timezone))
    return { value: kept };
  const instant = instantOf(text, timezone);
  return instant === null ? { issue: "Expected a day and a time of day." } : { value: instant };
}

const RANGE = /^(\d{4}-\d{2}-\d{2})(?:\s*(?:\/|to|–)\s*(\d{4}-\d{2}-\d{2}))?$/;

function readDates(text: string): Read<readonly string[]> {
  const lines = text.split("\n").map((line) => line.trim());
  const read = lines.map((line) => (line === "" ? "" : datesIn(line)));
  const wrong = read.indexOf(null);
  if (wrong === -1) return { value: read.filter((dates) => dates !== null && dates !== "") as string[] };
  return {
    issue: `Expected a day such as 2026-12-24, or 2026-12-24 to 2027-01-06, one per line; line ${wrong + 1} is “${lines[wrong]}”.`,
  };
}

function datesIn(line: string): string | null {
  const [, from = "", to = from] = RANGE.exec(line) ?? [];
  if (![from, to].every(isDay) || from > to) return null;
  return from === to ? from : `${from}/${to}`;
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function readJitter(text: string): Read<number> {
  if (text.trim() === "") return { value: 0 };
  const ms = parseDurationText(text);
  if (ms === null) return { issue: durationIssue(text) };
  return ms > DAY_MS ? { issue: "Expected at most 1 d." } : { value: ms };
}

function readMost({ missed, most }: ScheduleDraft): Read<number> {
  if (missed !== "all") return { value: 1 };
  const count = /^\d+$/.test(most.trim()) ? Number(most) : Number.NaN;
  return count >= 1 && count <= MOST_MISSED
    ? { value: count }
    : { issue: `Expected a number from 1 to ${MOST_MISSED}, found “${most.trim()}”.` };
}

/** Nothing typed is nothing said, unless it was said before that there are none. */
function readArgs(text: string, before: ScheduleView | null): Read<string[] | null> {
  const kept = before?.args ?? null;
  if (text.trim() === "") return { value: kept?.length === 0 ? kept : null };
  const { argv, problem } = parseCommandLine(text);
  return problem === null ? { value: [...argv] } : { issue: problem };
}
