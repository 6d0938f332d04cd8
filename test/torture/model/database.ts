import Database from "better-sqlite3";

/** The rows as they are in the file, read without a word of the product's own code. */
export type RunRow = {
  readonly id: string;
  readonly jobId: string;
  readonly state: string;
  readonly version: number;
  readonly cause: string | null;
  readonly reason: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly pid: number | null;
  readonly launcherPid: number | null;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly activeKey: string | null;
  readonly locks: readonly string[];
};
export type LockRow = { readonly name: string; readonly runId: string };
export type EventRow = {
  readonly id: number;
  readonly runId: string;
  readonly type: string;
  readonly data: string;
};
export type Rows = {
  readonly runs: ReadonlyMap<string, RunRow>;
  readonly locks: readonly LockRow[];
  readonly events: readonly EventRow[];
};

const FINAL = ["completed", "failed", "stopped", "timed_out", "interrupted", "cleaned"];

export function isFinal(run: RunRow): boolean {
  return FINAL.includes(run.state);
}

/** One consistent look. @param afterEvent only events with a greater id are read */
export function readRows(file: string, afterEvent: number): Rows {
  const database = new Database(file, { readonly: true, timeout: 20_000 });
  try {
    return database.transaction(() => ({
      runs: new Map(database.prepare(RUNS).all().map(toRun)),
      locks: database
        .prepare(LOCKS)
        .all()
        .map(as<LockRow>),
      events: database
        .prepare(EVENTS)
        .all(afterEvent)
        .map(as<EventRow>),
    }))();
  } finally {
    database.close();
  }
}

const RUNS = `SELECT id, jobId, state, version, cause, reason, exitCode, signal, pid, launcherPid, queuedAt, startedAt, endedAt,
  activeKey, json_extract(spec, '$.locks') AS locks FROM Run ORDER BY rowid`;
const LOCKS = "SELECT name, runId FROM Lock WHERE runId IS NOT NULL";
const EVENTS = "SELECT id, runId, type, data FROM RunEvent WHERE id > ? ORDER BY id";

function toRun(row: unknown): [string, RunRow] {
  const { locks, ...rest } = as<Omit<RunRow, "locks"> & { locks: string }>(row);
  return [rest.id, { ...rest, locks: [`job:${rest.jobId}`, ...sharedLocks(locks)] }];
}

function sharedLocks(json: string): string[] {
  const names: string[] = JSON.parse(json);
  return names.map((name) => `shared:${name}`);
}

/** Guarantee: the columns named in the query just above. */
function as<Row>(row: unknown): Row {
  return row as Row;
}
