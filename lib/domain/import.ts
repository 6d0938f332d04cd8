import { duration } from "./health";
import type { JobId } from "./ids";
import { isActive, type Progress, type RunState } from "./run";

/** One run as another system recorded it. Times are epoch milliseconds of the wall clock. */
export type ImportedRow = {
  readonly job: JobId;
  readonly externalId: string;
  readonly state: RunState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly lastActivityAt: number | null;
  readonly pid: number | null;
  readonly host: string | null;
  readonly progress: Progress | null;
  readonly checkpoint: string | null;
  readonly exitCode: number | null;
  readonly error: string | null;
};

/** Clocks of two machines differ a little; a time further ahead was written in another time zone than it says. */
const AHEAD_MS = 5 * 60_000;
/** A process may be there a moment before or after its row says so. */
const AROUND_MS = 60_000;

/** Why this row cannot be taken over; null when it can. */
export function rowProblem(row: ImportedRow, now: number): string | null {
  const { startedAt, endedAt, lastActivityAt } = row;
  for (const [name, at] of Object.entries({ startedAt, endedAt, lastActivityAt })) {
    if (at === null) continue;
    if (at > now + AHEAD_MS)
      return `${name} lies ${duration(at - now)} in the future. Times are in UTC; check the time zone of the export.`;
    if (at < 0) return `${name} lies before 1970. Leave it empty if it is not known.`;
  }
  if (startedAt !== null && endedAt !== null && endedAt < startedAt)
    return "it ends before it starts: endedAt is earlier than startedAt. Check which columns they were taken from.";
  return null;
}

/** When it was, as far as the row tells; what it does not tell is no later than what it does. */
export function importedTimes(row: ImportedRow, now: number) {
  const latest = row.endedAt ?? row.lastActivityAt ?? row.startedAt ?? now;
  const queuedAt = Math.min(row.startedAt ?? latest, now);
  return { queuedAt, startedAt: row.startedAt, endedAt: Math.max(queuedAt, Math.min(latest, now)) };
}

/** Whether a row says that something of it should be running on the host of that name. */
export function claimsToRunOn(row: ImportedRow, host: string): boolean {
  if (!isActive(row.state) || row.pid === null) return false;
  return row.host === null || isSameHost(row.host, host);
}

/** With or without the domain. */
function isSameHost(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || a.split(".")[0] === b || b.split(".")[0] === a;
}

/** Whether the process that has the row's pid now can be the one the row is about; a later owner of the number cannot. */
export function canBeIts(row: ImportedRow, processStartedAt: number): boolean {
  const known = row.startedAt ?? row.lastActivityAt;
  return known === null || processStartedAt <= known + AROUND_MS;
}

/** What the reason of an imported run says that was active in its own system. */
export function zombieReason(row: ImportedRow, source: string, host: string): string {
  return `Imported as ${row.state} from ${source}; ${whyOver(row, host)}.`;
}

function whyOver(row: ImportedRow, host: string): string {
  if (row.pid === null) return "it names no process, and no run here stands for it";
  if (claimsToRunOn(row, host)) return `its process ${row.pid} is gone`;
  return `it ran on ${row.host}, whose processes cannot be seen from here`;
}

export function aliveProblem(row: ImportedRow, command: string): string {
  return `it is alive: process ${row.pid} (${command}). Adopting it is not possible, because it does not carry Unstuck's marker. Let it end or stop it and import it then; or name its pid file in job "${row.job}", whose page then shows and stops it.`;
}
