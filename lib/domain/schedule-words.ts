import type { ScheduleWhen } from "./schedule";

/** When something is due, as far as words go: from when an interval counts is a time like any other. */
type When = Extract<ScheduleWhen, { by: "cron" }> | Omit<Extract<ScheduleWhen, { by: "interval" }>, "from">;

/** `Every day at 03:00`. An expression that has no short words stays as it was written. */
export function scheduleWords(when: When): string {
  if (when.by === "interval") return `Every ${intervalWords(when.everyMs)}`;
  const expression = when.expression.trim();
  return cronWords(NICKNAMES[expression.toLowerCase()] ?? expression) ?? expression;
}

const UNITS = [
  { ms: 86_400_000, name: "day" },
  { ms: 3_600_000, name: "hour" },
  { ms: 60_000, name: "minute" },
  { ms: 1_000, name: "second" },
] as const;

function intervalWords(everyMs: number): string {
  const unit = UNITS.find(({ ms }) => everyMs % ms === 0);
  return unit === undefined ? `${everyMs} ms` : counted(everyMs / unit.ms, unit.name);
}

/** `minute`, `15 minutes`: after "Every". */
function counted(count: number, unit: string): string {
  return count === 1 ? unit : `${count} ${unit}s`;
}

const NICKNAMES: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

/** One part of an expression: each so many, or these. `range`: they were written as one. */
type Part =
  | { readonly every: number }
  | { readonly values: readonly number[]; readonly range: boolean }
  | { readonly last: true };

const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
] as const;
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const FIELDS = [
  { first: 0, size: 60, names: [] },
  { first: 0, size: 60, names: [] },
  { first: 0, size: 24, names: [] },
  { first: 1, size: 31, names: [] },
  { first: 1, size: 12, names: MONTHS },
  { first: 0, size: 8, names: WEEKDAYS },
] as const;
type Field = (typeof FIELDS)[number];

/** null: there are no short words for it, or it is none. */
function cronWords(expression: string): string | null {
  const texts = expression.split(/\s+/);
  if (texts.length !== 5 && texts.length !== 6) return null;
  const all = texts.length === 5 ? ["0", ...texts] : texts;
  const [second, minute, hour, day, month, weekday] = FIELDS.map((field, at) =>
    readPart(all[at] ?? "", field),
  );
  if (!second || !minute || !hour || !day || !month || !weekday) return null;
  const time = timeWords(second, minute, hour);
  const days = dayWords(day, month, weekday);
  if (time === null || days === null) return null;
  const { words, isFixed } = time;
  if (isFixed) return `${days === "" ? "Every day" : sentence(days)} ${words}`;
  return days === "" ? words : `${words}, ${days.replace(/^every /, "on every ")}`;
}

function readPart(text: string, field: Field): Part | null {
  if (text === "*" || text === "?") return { every: 1 };
  if (text.toUpperCase() === "L" && field.size === 31) return { last: true };
  const step = /^\*\/(\d+)$/.exec(text);
  // Every 7 minutes of an hour is not every 7 minutes. And only what has a clock counts from nought.
  if (step !== null) {
    const every = Number(step[1]);
    return every > 0 && field.size % every === 0 && field.first === 0 && field.size !== 8 ? { every } : null;
  }
  const read = text.split(",").map((one) => readRange(one, field));
  if (read.some((one) => one === null)) return null;
  const values = [...new Set(read.flatMap((one) => one ?? []))].sort((one, other) => one - other);
  return { values, range: read.length === 1 && values.length > 1 };
}

function readRange(text: string, field: Field): readonly number[] | null {
  const ends = text.split("-").map((end) => readNumber(end, field));
  const [from, to = from] = ends;
  if (ends.length > 2 || from == null || to == null || from > to) return null;
  const values = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  return field.size === 8 ? values.map((value) => value % 7) : values;
}

function readNumber(text: string, { first, size, names }: Field): number | null {
  const named = names.findIndex((name) => name.slice(0, 3).toUpperCase() === text.toUpperCase());
  if (named !== -1) return named + first;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= first && value < first + size ? value : null;
}

type TimeWords = { readonly words: string; readonly isFixed: boolean };
const repeated = (words: string): TimeWords => ({ words: `Every ${words}`, isFixed: false });

function timeWords(second: Part, minute: Part, hour: Part): TimeWords | null {
  if ("every" in second)
    return isAny(minute) && isAny(hour) ? repeated(counted(second.every, "second")) : null;
  const seconds = valuesOf(second);
  const [at = 0] = seconds;
  if (seconds.length !== 1) return null;
  if ("every" in minute) return at === 0 ? minutesWords(minute.every, hour) : null;
  if ("every" in hour) return at === 0 ? hoursWords(hour.every, valuesOf(minute)) : null;
  return clockWords(hour, valuesOf(minute), at);
}

function minutesWords(every: number, hour: Part): TimeWords | null {
  const words = counted(every, "minute");
  if (isAny(hour)) return repeated(words);
  const hours = valuesOf(hour);
  const [from = 0, to = from] = [hours[0], hours.at(-1)];
  if ("every" in hour || to - from + 1 !== hours.length) return null;
  return repeated(`${words} from ${clock(from, 0)} to ${clock(to, 60 - every)}`);
}

/** More than so many times in a row are read no faster than the expression. */
const MOST_TOLD = 4;

function hoursWords(every: number, minutes: readonly number[]): TimeWords | null {
  if (minutes.length > MOST_TOLD) return null;
  const isWhole = minutes.length === 1 && minutes[0] === 0;
  const past = isWhole ? "" : ` at ${listed(minutes.map((minute) => `:${two(minute)}`))}`;
  return repeated(`${counted(every, "hour")}${past}`);
}

function clockWords(hour: Part, minutes: readonly number[], second: number): TimeWords | null {
  const hours = valuesOf(hour);
  const [minute = 0] = minutes;
  if ("range" in hour && hour.range && minutes.length === 1 && second === 0)
    return repeated(`hour from ${clock(hours[0] ?? 0, minute)} to ${clock(hours.at(-1) ?? 0, minute)}`);
  if (hours.length * minutes.length > MOST_TOLD) return null;
  const past = second === 0 ? "" : `:${two(second)}`;
  const times = hours.flatMap((one) => minutes.map((other) => `${clock(one, other)}${past}`));
  return { words: `at ${listed(times)}`, isFixed: true };
}

/** As it stands in the middle of a sentence; empty: on every day. */
function dayWords(day: Part, month: Part, weekday: Part): string | null {
  if (isAny(day) && isAny(month)) return isAny(weekday) ? "" : weekdayWords(valuesOf(weekday));
  if (!isAny(weekday) || "every" in day) return null;
  if (isAny(month))
    return `on the ${"last" in day ? "last day" : listed(valuesOf(day).map(ordinal))} of every month`;
  const [days, months] = [valuesOf(day), valuesOf(month)];
  if (days.length !== 1 || months.length !== 1) return null;
  return `every year on ${days[0]} ${MONTHS[(months[0] ?? 1) - 1]}`;
}

function weekdayWords(values: readonly number[]): string | null {
  // A week begins on Monday where people plan it.
  const days = values.map((value) => (value + 6) % 7).sort((one, other) => one - other);
  const [from = 0, to = from] = [days[0], days.at(-1)];
  const name = (at: number) => WEEKDAYS[(at + 1) % 7] ?? "";
  if (days.length === 0) return null;
  if (days.length === 7) return "";
  if (days.length === 1) return `every ${name(from)}`;
  return days.length > 2 && to - from + 1 === days.length
    ? `${name(from)} to ${name(to)}`
    : listed(days.map(name));
}

function isAny(part: Part): boolean {
  return "every" in part && part.every === 1;
}

function valuesOf(part: Part): readonly number[] {
  return "values" in part ? part.values : [];
}

function ordinal(value: number): string {
  const ending = value % 100 > 10 && value % 100 < 14 ? undefined : ["st", "nd", "rd"][(value % 10) - 1];
  return `${value}${ending ?? "th"}`;
}

function clock(hour: number, minute: number): string {
  return `${two(hour)}:${two(minute)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** `a`, `a and b`, `a, b and c`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
