import type { JobId } from "../ids";
import type { LockKind } from "../lock";
import type { Capacity, Waiting } from "../queue";
import type { Run } from "../run";
import type { AuditEntry } from "./audit";
import type { After } from "./page";

export type StoredLock = {
  readonly name: string;
  readonly fence: number;
  readonly acquiredAt: number | null;
  readonly holder: Run | null;
};
export type HeldLock = StoredLock & { readonly holder: Run };

export type QueuedRun = Waiting & {
  readonly jobId: JobId;
  readonly priority: number;
  readonly queuedAt: number;
  readonly waitingFor: string | null;
};

export type LockWithLine = StoredLock & {
  /** The runs that wait for it, the next one first. */
  readonly waiting: readonly QueuedRun[];
};

export type Locks = {
  /** Locks that are held or waited for, by name; one more than `limit` when there is more. */
  listLocks(kind: LockKind | null, page: After): Promise<LockWithLine[]>;
  findLock(name: string): Promise<StoredLock | null>;
  /** Takes a lock away from the run that holds it. @returns false when the run does not hold it any more */
  takeAwayLock(
    lock: HeldLock,
    event: Readonly<Record<string, unknown>>,
    audit: AuditEntry,
    now: number,
  ): Promise<boolean>;
};

export type Limit = { readonly name: string; readonly maxRuns: number };

export type Limits = {
  /** Every limit that is set, with the runs it counts. */
  listCapacities(): Promise<Capacity[]>;
  /** Every queued run, the next one first. */
  listQueue(): Promise<QueuedRun[]>;
  setLimit(limit: Limit, audit: AuditEntry, now: number): Promise<void>;
  /** @returns false when there was none */
  removeLimit(name: string, audit: AuditEntry, now: number): Promise<boolean>;
};
