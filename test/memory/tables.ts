import type { RecoveryRecord } from "@/lib/domain/auto-recovery";
import type { EnvironmentPolicy, Variables } from "@/lib/domain/environment";
import type { Hold } from "@/lib/domain/hold";
import type { HoldId, JobId, PlanId, RunId, ScheduleId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { OutsideStop } from "@/lib/domain/outside-stop";
import type { Plan, PlanItem } from "@/lib/domain/plan";
import type { NewSession } from "@/lib/domain/ports/accounts";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { LinkedIdentity } from "@/lib/domain/ports/identities";
import type { StoredRunEvent, UsageRow } from "@/lib/domain/ports/runs";
import type { PlannedSchedule } from "@/lib/domain/ports/schedules";
import type { StoredAlert } from "@/lib/domain/ports/stuck";
import type { Run } from "@/lib/domain/run";
import type { Slot } from "@/lib/domain/schedule";
import type { SignInDelay } from "@/lib/domain/sign-in-delay";
import type { ApiToken, SecondFactor, SessionId, TokenId, User, UserId } from "@/lib/domain/user";

export type JobEntry = { readonly job: Job; readonly secrets: Variables; readonly newest: RunId | null };
export type UserEntry = Omit<User, "hasSecondFactor">;
export type TokenEntry = ApiToken & { readonly hash: string };
export type LockEntry = {
  readonly fence: number;
  readonly acquiredAt: number | null;
  readonly holder: RunId | null;
};

/** What the database holds, as plain maps and lists. A test may look at all of it, and change what it begins with. */
export type Tables = {
  jobs: ReadonlyMap<JobId, JobEntry>;
  runs: ReadonlyMap<RunId, Run>;
  runSecrets: ReadonlyMap<RunId, Variables>;
  /** In the order they were written. */
  events: readonly (StoredRunEvent & { readonly runId: RunId })[];
  audits: readonly (AuditEntry & { readonly at: number })[];
  plans: ReadonlyMap<PlanId, Plan>;
  items: readonly PlanItem[];
  locks: ReadonlyMap<string, LockEntry>;
  /** By name: how many may run. */
  limits: ReadonlyMap<string, number>;
  recoveries: ReadonlyMap<JobId, RecoveryRecord>;
  alerts: ReadonlyMap<string, StoredAlert>;
  holds: ReadonlyMap<HoldId, Hold>;
  schedules: ReadonlyMap<ScheduleId, PlannedSchedule>;
  /** By schedule and time. */
  slots: ReadonlyMap<string, Slot>;
  stops: ReadonlyMap<number, OutsideStop>;
  usage: readonly (UsageRow & { readonly runId: RunId })[];
  environment: EnvironmentPolicy;
  stuckCheck: { readonly at: number; readonly found: number } | null;
  toldRuns: readonly string[];
  users: ReadonlyMap<UserId, UserEntry>;
  sessions: ReadonlyMap<SessionId, Omit<NewSession, "passwordHash">>;
  secondFactors: ReadonlyMap<UserId, SecondFactor>;
  /** By issuer and subject. */
  identities: ReadonlyMap<string, LinkedIdentity>;
  tokens: ReadonlyMap<TokenId, TokenEntry>;
  /** By what failed: a name, an address. */
  delays: ReadonlyMap<string, SignInDelay>;
};

export function noTables(): Tables {
  return {
    jobs: new Map(),
    runs: new Map(),
    runSecrets: new Map(),
    events: [],
    audits: [],
    plans: new Map(),
    items: [],
    locks: new Map(),
    limits: new Map(),
    recoveries: new Map(),
    alerts: new Map(),
    holds: new Map(),
    schedules: new Map(),
    slots: new Map(),
    stops: new Map(),
    usage: [],
    environment: { use: "short", names: [], recordedAt: null },
    stuckCheck: null,
    toldRuns: [],
    users: new Map(),
    sessions: new Map(),
    secondFactors: new Map(),
    identities: new Map(),
    tokens: new Map(),
    delays: new Map(),
  };
}

/**
 * All of it or nothing: what `work` has written is undone when it throws. No table is ever changed in place, so putting the old
 * ones back is enough.
 */
export function atOnce<Result>(tables: Tables, work: () => Result): Result {
  const before = { ...tables };
  try {
    return work();
  } catch (error) {
    Object.assign(tables, before);
    throw error;
  }
}

export function withEntry<Key, Value>(
  table: ReadonlyMap<Key, Value>,
  key: Key,
  value: Value,
): ReadonlyMap<Key, Value> {
  return new Map(table).set(key, value);
}

export function withoutEntry<Key, Value>(table: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
  return new Map([...table].filter(([other]) => other !== key));
}

export function writeAudit(tables: Tables, entry: AuditEntry, at: number): void {
  tables.audits = [...tables.audits, { ...entry, at }];
}

export function appendEvent(
  tables: Tables,
  runId: RunId,
  type: string,
  data: Readonly<Record<string, unknown>>,
  at: number,
): void {
  const id = (tables.events.at(-1)?.id ?? 0) + 1;
  tables.events = [...tables.events, { id, at, type, data: { ...data }, runId }];
}

export function saveRun(tables: Tables, run: Run): void {
  tables.runs = withEntry(tables.runs, run.id, run);
}

export function newestOf(tables: Tables, id: JobId): Run | null {
  return tables.runs.get(tables.jobs.get(id)?.newest ?? ("" as RunId)) ?? null;
}

/** By a text that sorts. */
export function byId<Row>(rows: Iterable<Row>, idOf: (row: Row) => string): Row[] {
  return [...rows].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
}
