import type { Progress } from "./run";

/** What one report says: the fields it names change, the others stay. `null` takes a figure back. */
export type ProgressReport = Partial<Progress>;

/** `problems`: what was named but cannot be believed, in words. It is left out of `report`. */
export type ReadReport = { readonly report: ProgressReport; readonly problems: readonly string[] };

export const MAX_MESSAGE_LENGTH = 500;
export const PROGRESS_COUNTS = ["extracted", "skipped", "total"] as const satisfies (keyof Progress)[];
type Count = (typeof PROGRESS_COUNTS)[number];

const NOTHING: Progress = { extracted: null, skipped: null, total: null, message: null };

/** Reads a report that came from outside; unknown fields are left alone. */
export function readReport(fields: Readonly<Record<string, unknown>>): ReadReport {
  const report: { -readonly [Field in keyof Progress]?: Progress[Field] } = {};
  const problems: string[] = [];
  for (const name of PROGRESS_COUNTS) {
    const value = fields[name];
    if (value === undefined) continue;
    if (value === null || isCount(value)) report[name] = value;
    else problems.push(`${name}: expected a whole number from 0 to 2^53 - 1, found ${told(value)}`);
  }
  const { message } = fields;
  if (message === null) report.message = null;
  else if (typeof message === "string") report.message = shortened(message);
  else if (message !== undefined) problems.push(`message: expected text, found ${told(message)}`);
  return { report, problems };
}

export function isEmptyReport(report: ProgressReport): boolean {
  return Object.keys(report).length === 0;
}

export function mergeProgress(known: Progress | null, report: ProgressReport): Progress {
  return { ...NOTHING, ...known, ...report };
}

export function sameProgress(one: Progress | null, other: Progress | null): boolean {
  if (one === null || other === null) return one === other;
  return one.message === other.message && PROGRESS_COUNTS.every((name: Count) => one[name] === other[name]);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** One line of bounded length: it stands in tables and badges. */
function shortened(message: string): string {
  const line = message.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  // Cut by characters, not by UTF-16 halves: half an emoji is no text.
  return line.length <= MAX_MESSAGE_LENGTH ? line : `${[...line].slice(0, MAX_MESSAGE_LENGTH - 1).join("")}…`;
}

function told(value: unknown): string {
  return typeof value === "object" ? "an object" : (JSON.stringify(value)?.slice(0, 80) ?? String(value));
}
