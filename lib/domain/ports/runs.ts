import type { Surroundings } from "../deletion";
import type { JobId, PlanId, RunId } from "../ids";
import type { Job } from "../job";
import type { Plan, PlanItem } from "../plan";
import type { FinalState, Run, RunState } from "../run";
import type { HeldFence } from "../run-facts";
import type { RunEvent, Transition } from "../transition";
import type { AuditEntry } from "./audit";
import type { After, Before } from "./page";
import type { SlotKey } from "./schedules";

/** A dead run that a start cleans up first, as the clean-up plan it is: shown, counted and undone like any other. */
export type CleanFirst = { readonly reason: string; readonly plan: Plan; readonly item: PlanItem };

/** A new run, and how the newest one before it is cleaned first; null: it is not. */
export type Decision = {
  readonly run: Run;
  readonly clean: CleanFirst | null;
  /** The values of its secret parameters, to be sealed with it. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The time of a schedule that this is the start of: with it the time is started, or, if that was decided already, nothing is. */
  readonly slot?: SlotKey | undefined;
  /** The ended run whose promised successor this is; that it has come is noted there, with this word. */
  readonly follows?: { readonly runId: RunId; readonly word: "restarted" | "resumed" };
};

/** The values of a run's secret parameters; null: sealed with a key that is not here. */
export type HeldSecrets = Readonly<Record<string, string | null>>;

/** What a decision was to rest on was read for other rows than those found in its transaction: nothing was written. */
export type LookAgain = "look again";

/** The run, or the active run that is in the way. */
export type Enqueued =
  | { readonly ok: true; readonly run: Run }
  | { readonly ok: false; readonly active: Run };

export type RunChange = Transition & { readonly before: Run | null };

/** `data` explains the event; docs/lifecycle.md says what a type carries. */
export type RunEventEntry = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };
export type StoredRunEvent = RunEventEntry & { readonly id: number; readonly at: number };

export type RunFilter = {
  readonly jobId: JobId | null;
  /** Of these jobs only, as far as who asks may see them; undefined: of all. With `jobId`, that is one of them. */
  readonly jobs?: readonly JobId[] | undefined;
  readonly states: readonly RunState[] | null;
  readonly since: number | null;
  readonly until: number | null;
  readonly fingerprint: string | null;
  /** What the job's id or title contains, in any case, or what the run's id begins with (`lib/domain/run-text.ts`). */
  readonly text: string | null;
};

export type EndedFilter = {
  readonly jobId: JobId;
  readonly endedBefore: number;
  /** Empty: any. */
  readonly states: readonly FinalState[];
};

export type EndedRun = Surroundings & { readonly run: Run };

/** A point of the series of what a run used; `cpuMs` since it began. */
export type UsageRow = {
  readonly at: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly processes: number;
};

export type Runs = {
  /**
   * Puts a new run in the queue, decided on rows read in the transaction that writes it.
   * @param decide may only look at what it is handed, and may throw an AppError to refuse
   * @param signal aborted: the start is no longer wanted, and is dropped while it still waits
   * @returns null when there is no such job
   */
  enqueueRun(
    id: JobId,
    decide: (job: Job, newest: Run | null) => Decision | LookAgain,
    audit: (run: Run) => AuditEntry,
    now: number,
    signal?: AbortSignal,
  ): Promise<Enqueued | LookAgain | null>;
  applyEvent(id: RunId, event: RunEvent, audit?: AuditEntry): Promise<RunChange>;
  /** What happened to a run without changing its state. */
  noteEvent(id: RunId, type: string, data: Readonly<Record<string, unknown>>): Promise<void>;
  /** For showing: of one whose row cannot be read, what its plain columns say. */
  findRun(id: RunId): Promise<Run | null>;
  /** For a run that repeats this one, and shown nowhere. */
  secretParameters(id: RunId): Promise<HeldSecrets>;
  /** Those of these runs that there are, oldest first. */
  findRuns(ids: readonly RunId[]): Promise<Run[]>;
  /** Newest first; one more than `limit` when there is more. `before` is the id of a run, also of one that is gone. */
  listRuns(filter: RunFilter, page: Before): Promise<Run[]>;
  /** Oldest first. */
  listEnded(filter: EndedFilter, page: After): Promise<EndedRun[]>;
  /** Every run that is not final, oldest first. */
  listUnfinished(): Promise<Run[]>;
  /** Newest runs of their jobs that have ended and whose successor may still have to be started. */
  listAwaitingSuccessor(): Promise<Run[]>;
  /** Which of these runs are the newest of their jobs. */
  newestAmong(ids: readonly RunId[]): Promise<ReadonlySet<RunId>>;
  /** The newest event of one of these types. */
  findEvent(id: RunId, types: readonly string[]): Promise<StoredRunEvent | null>;
  /** Oldest first. */
  listEvents(id: RunId, page: { readonly after: number; readonly limit: number }): Promise<StoredRunEvent[]>;
  /** Oldest first. */
  listUsage(id: RunId): Promise<UsageRow[]>;
  /** The locks a run holds now. */
  fencesOf(id: RunId): Promise<readonly HeldFence[]>;
};

/** Ids for new rows; each sorts behind every one issued before. */
export type NewIds = {
  newRunId(now: number): RunId;
  newPlanId(now: number): PlanId;
  newAlertId(now: number): string;
  /** `length` characters of 0-9 a-z, unguessable. */
  entropy(length: number): string;
};
