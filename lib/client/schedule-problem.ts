import { fieldIssues, isApiProblem } from "./problem";
import type { DraftIssues } from "./read-schedule-draft";
import type { ScheduleDraft, ScheduleField } from "./schedule-draft";

export type PlacedRefusal = {
  readonly fields: DraftIssues;
  /** By the name of the parameter. */
  readonly parameters: ReadonlyMap<string, string>;
  /** For the form as a whole; null: every part of it has its field. */
  readonly rest: unknown;
};

const NOWHERE: PlacedRefusal = { fields: {}, parameters: new Map(), rest: null };

/** Names on the wire → fields of the form. */
const FIELD_OF: Readonly<Record<string, ScheduleField>> = {
  timezone: "timezone",
  startsAt: "startsAt",
  endsAt: "endsAt",
  title: "title",
  jitterMs: "jitter",
  missed: "missed",
  "missed.most": "most",
  overlap: "overlap",
  mode: "mode",
  args: "args",
  "daysOff.dates": "dates",
  "daysOff.weekdays": "weekdays",
};

/** Puts what the server refuses at the fields that are meant. */
export function placeRefusal(error: unknown, by: ScheduleDraft["by"]): PlacedRefusal {
  if (error === null || error === undefined) return NOWHERE;
  if (!isApiProblem(error)) return { ...NOWHERE, rest: error };
  const issues = fieldIssues(error);
  if (error.code === "PARAMETERS_REFUSED" && issues.length > 0)
    return { ...NOWHERE, parameters: new Map(issues.map(({ path, message }) => [path, sentence(message)])) };
  const named = error.code === "SCHEDULE_REFUSED" ? [refusedField(error.details, error.message)] : issues;
  const placed = named.map(({ path, message }) => [fieldOf(path, by), sentence(message)] as const);
  if (placed.length === 0 || placed.some(([field]) => field === null)) return { ...NOWHERE, rest: error };
  return { ...NOWHERE, fields: Object.fromEntries(placed) };
}

function refusedField({ field, why }: Readonly<Record<string, unknown>>, message: string) {
  const text = (value: unknown, other: string) => (typeof value === "string" ? value : other);
  return { path: text(field, ""), message: text(why, message) };
}

function fieldOf(path: string, by: ScheduleDraft["by"]): ScheduleField | null {
  const [first = "", second = ""] = path.split(".");
  if (first === "when") return by === "cron" ? "expression" : "every";
  return FIELD_OF[`${first}.${second}`] ?? FIELD_OF[first] ?? null;
}

function sentence(text: string): string {
  if (text === "is required") return "Required.";
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
