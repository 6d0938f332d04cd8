import { duration } from "./health";
import type { JobId } from "./ids";
import { isActive, type Progress, type RunState } from "./run";

/** One run as another system recorded it. Times are epoch milliseconds of the wall clock. */
export type ImportedRow = {
  readonly job: JobId;
  readonly externalId: string;
  /** What an earlier import may have called it; null: nothing else. */
  readonly otherId: string | null;
  readonly state: RunState;
  readonly startedAt: number | null;
  /** `startedAt` is when the run was made or queued, or the day alone: its process may have been started later. */
  readonly startIsEarliest: boolean;
  readonly endedAt: number | null;
  readonly lastActivityAt: number | null;
  readonly pid: number | null;
  readonly host: string | null;
  /** The other system may have worked on several hosts without saying which: a pid that is not here may live elsewhere. */
  readonly hostIsUnsure: boolean;
  readonly progress: Progress | null;
  readonly checkpoint: string | null;
  readonly exitCode: number | null;
  readonly error: string | null;
  /** The job's name as the other system writes it; null: its id is all there is. */
  readonly jobTitle: string | null;
};

/** Clocks of two machines differ a little; a time further ahead was written in another time zone than it says. */
const AHEAD_MS = 5 * 60_000;

/** Columns that keep whole seconds round one time up and another down: a run of no length ends before it starts. */
const ROUNDED_MS = 2_000;

/** Why this row cannot be taken over; null when it can. */
export function rowProblem(row: ImportedRow, now: number): string | null {
  const { startedAt, endedAt, lastActivityAt } = row;
  for (const [name, at] of Object.entries({ startedAt, endedAt, lastActivityAt })) {
    if (at === null) continue;
    if (at > now + AHEAD_MS)
      return `${name} lies ${duration(at - now)} in the future. Times are in UTC; name the time zone of the export (--timezone).`;
    if (at < 0) return `${name} is before 1970. Leave it empty if it is not known.`;
  }
  if (startedAt !== null && endedAt !== null && endedAt < startedAt - ROUNDED_MS)
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

/** Whether its pid, where it is not found here, may be that of another host. */
export function mayBeElsewhere({ host, hostIsUnsure }: ImportedRow): boolean {
  return host === null && hostIsUnsure;
}

const LOOPBACK = /^(localhost|127\.|::1$|\[::1\])/i;

/** With or without the domain; what a system calls its own host by loopback is taken for this one. */
function isSameHost(one: string, other: string): boolean {
  if (LOOPBACK.test(one)) return true;
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || a.split(".")[0] === b || b.split(".")[0] === a;
}

/** What the reason of an imported run says that was active in its own system. */
export function zombieReason(row: ImportedRow, source: string, host: string): string {
  return `Imported as ${row.state} from ${source}; ${whyOver(row, host)}.`;
}

function whyOver(row: ImportedRow, host: string): string {
  if (row.pid === null) return "it names no process, and no run here is known for it";
  if (mayBeElsewhere(row)) return `on which host its process ${row.pid} ran is not known`;
  if (claimsToRunOn(row, host)) return `its process ${row.pid} is gone`;
  return `it ran on ${row.host}, whose processes cannot be seen from here`;
}
