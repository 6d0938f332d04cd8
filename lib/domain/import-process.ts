import { duration } from "./health";
import type { RunId } from "./ids";
import { claimsToRunOn, type ImportedRow, mayBeElsewhere } from "./import";

/** Who has a number now. */
export type Bystander = {
  readonly command: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** `dashboard`: this one itself, or what it was started by. A run: one of this dashboard's, or what is left of one. */
  readonly belongsTo: "dashboard" | RunId | null;
};

/** `hidden`: a process has the number, and the system does not show which. */
export type Found = Bystander | "hidden" | null;

/** What is known of a row's process: `alive` beyond doubt, `unsure` when nothing proves that it is over. */
export type ProcessVerdict =
  | { readonly is: "gone" }
  | { readonly is: "alive"; readonly problem: string }
  /** `offsetMinutes`: the time zone, east of UTC, in which the process is the row's to the minute. */
  | { readonly is: "unsure"; readonly problem: string; readonly offsetMinutes: number | null };

export type Trust = {
  /** A person says that what cannot be looked at is over. */
  readonly assumeOver: boolean;
  /** A person has named the time zone of the times. */
  readonly zoneIsSure: boolean;
};

/** A process may be there a moment before or after its row says so. */
const AROUND_MS = 60_000;
const QUARTER_MS = 15 * 60_000;
/** Zones reach from UTC−12 to UTC+14. */
const FARTHEST_QUARTERS = 14 * 4;
const SETTLE = "If the row is over, set its state, or leave out its pid";

/**
 * Whether the row's process is over. Only what is proven counts: a row whose process may be alive is never called dead, and a
 * process that may be a stranger is never named as the one to stop.
 * @param row active
 * @param found who has the row's number on this host now
 * @param quietMs how long a run of the job may be quiet before it counts as stuck
 */
export function judgeProcess(
  row: ImportedRow,
  found: Found,
  { host, now, quietMs }: { readonly host: string; readonly now: number; readonly quietMs: number },
  trust: Trust,
): ProcessVerdict {
  if (claimsToRunOn(row, host)) {
    const verdict = judgeHere(row, found, trust);
    if (verdict.is !== "gone" || !mayBeElsewhere(row)) return verdict;
  } else {
    const doubt = judgeNamesake(row, found, trust);
    if (doubt !== null) return doubt;
  }
  return trust.assumeOver || row.state === "queued" ? { is: "gone" } : judgeUnseen(row, host, now, quietMs);
}

function judgeHere(row: ImportedRow, found: Found, trust: Trust): ProcessVerdict {
  if (found === null) return { is: "gone" };
  if (found !== "hidden") return judgeFound(row, found, trust);
  return unsure(
    `process ${row.pid} has that number but belongs to another user, and this system hides other users' processes from the dashboard (hidepid or ProtectProc). Check what it is. ${SETTLE}`,
  );
}

/**
 * What a table calls a host need not be one: `worker-1` may have run here. null: no process here has its number and its start.
 * @param row of another host, as it says
 */
function judgeNamesake(row: ImportedRow, found: Found, { zoneIsSure }: Trust): ProcessVerdict | null {
  if (found === null || found === "hidden" || found.belongsTo === "dashboard") return null;
  if (row.startedAt === null) return null;
  const laterMs = found.startedAt - row.startedAt;
  const quarters = zoneIsSure ? 0 : Math.round(laterMs / QUARTER_MS);
  if (!isInAZone(laterMs, quarters)) return null;
  const inZone = quarters === 0 ? "" : `, if the times are in UTC${zoneText(-quarters * 15)}`;
  return unsure(
    `process ${row.pid} (${found.command}) of this host has its number and was started when the row says so${inZone}, though the row names ${row.host}: that may be a worker here and no host. Check what it is. If it is another process, leave out the row's pid`,
  );
}

function judgeFound(row: ImportedRow, found: Bystander, { zoneIsSure }: Trust): ProcessVerdict {
  if (found.belongsTo === "dashboard") return { is: "gone" };
  const known = row.startedAt ?? row.lastActivityAt;
  const who = `process ${row.pid} (${found.command})`;
  if (known === null)
    return unsure(
      `${who} has its number, and the row has no start time that shows whether it is that run or an unrelated process. Say which column has the start (--map startedAt=COLUMN). ${SETTLE}`,
    );
  const laterMs = found.startedAt - known;
  const startIsSure = row.startedAt !== null && !row.startIsEarliest;
  const quarters = Math.round(laterMs / QUARTER_MS);
  if (startIsSure && !zoneIsSure && quarters !== 0 && isInAZone(laterMs, quarters))
    return otherZone(who, quarters);
  if (laterMs > AROUND_MS) return judgeLater(row, found, who, zoneIsSure);
  if (found.belongsTo !== null)
    return unsure(
      `${who} has its number and belongs to ${found.belongsTo} of this dashboard. If that is the same run, there is nothing to import`,
    );
  if (startIsSure && laterMs >= -AROUND_MS) return { is: "alive", problem: aliveProblem(row, found.command) };
  const when =
    row.startedAt === null
      ? "before the row says it was active"
      : startIsSure
        ? "before the row says it started"
        : "when the row says it was made";
  return unsure(
    `${who} has its number and was there ${when}: it may be a worker that serves many runs, or an unrelated process. Check what it is. ${SETTLE}`,
  );
}

/**
 * A process that was started after the row's time is a later owner of the number, unless the row was active after that start (it had
 * waited, or its worker was restarted), or its time is no start.
 */
function judgeLater(row: ImportedRow, found: Bystander, who: string, zoneIsSure: boolean): ProcessVerdict {
  if (row.startedAt !== null && row.startIsEarliest)
    return unsure(
      `${who} has its number and was started later than the row's time, which is when the run was made or queued, or a day without the time: it may be its process, or a stranger. Check what it is, or say which column has the start (--map startedAt=COLUMN). ${SETTLE}`,
    );
  if (row.lastActivityAt === null) return { is: "gone" };
  const zonesMs = zoneIsSure ? 0 : FARTHEST_QUARTERS * QUARTER_MS;
  if (row.lastActivityAt + zonesMs < found.startedAt - AROUND_MS) return { is: "gone" };
  const zone = zoneIsSure ? "" : " Naming the time zone of the times (--timezone) may settle it.";
  return unsure(
    `${who} has its number and was started after the row${row.startedAt === null ? "'s last sign of life" : ""}, but the row ${zoneIsSure ? "was" : "may have been"} active since: it may be its process, restarted or started after a wait, or an unrelated process. Check what it is.${zone} ${SETTLE}`,
  );
}

function isInAZone(laterMs: number, quarters: number): boolean {
  return Math.abs(quarters) <= FARTHEST_QUARTERS && Math.abs(laterMs - quarters * QUARTER_MS) <= AROUND_MS;
}

/** A row written at UTC−5 and read as UTC says five hours too early. */
function otherZone(who: string, quarters: number): ProcessVerdict {
  const offsetMinutes = -quarters * 15;
  const problem = `${who} has its number and was started ${duration(Math.abs(quarters) * QUARTER_MS)} ${quarters > 0 ? "after" : "before"} the row says, to the minute: the times look as if they were in UTC${zoneText(offsetMinutes)}. If they are, import with --timezone ${zoneText(offsetMinutes)}; if not, name the zone they are in (--timezone UTC)`;
  return { is: "unsure", problem: `${problem}.`, offsetMinutes };
}

/** `+05:30` @param offsetMinutes east of UTC */
export function zoneText(offsetMinutes: number): string {
  const minutes = Math.abs(offsetMinutes);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function judgeUnseen(row: ImportedRow, host: string, now: number, quietMs: number): ProcessVerdict {
  const last = Math.max(row.startedAt ?? 0, row.lastActivityAt ?? 0);
  if (last > 0 && now - last >= quietMs) return { is: "gone" };
  const why =
    row.pid === null
      ? "it names no process"
      : row.host === null
        ? `its process ${row.pid} is not on ${host}, and it does not say on which host it runs`
        : `it runs on ${row.host}, whose processes cannot be seen from ${host}`;
  const when = last === 0 ? "has no time" : `was active ${duration(now - last)} ago`;
  return unsure(
    `it may be alive: ${why}, and it ${when}. When you know that it is over, import it with --assume-over (assumeOver in the API)`,
  );
}

function unsure(problem: string): ProcessVerdict {
  return { is: "unsure", problem: `${problem}.`, offsetMinutes: null };
}

function aliveProblem(row: ImportedRow, command: string): string {
  return `it is alive: process ${row.pid} (${command}). Adopting it is not possible, because it does not carry Unstuck's marker. Let it end or stop it and import it then; or name its pid file in job "${row.job}", whose page then shows and stops it.`;
}
