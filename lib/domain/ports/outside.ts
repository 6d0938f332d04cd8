import type { JobId, RunId } from "../ids";
import type { Job } from "../job";
import type { NewOutsideStop, OutsideStop, StopOutcome } from "../outside-stop";
import type { JobPidFile } from "../pid-file";
import type { ProcessIdentity, Run } from "../run";
import type { Stray } from "../stray";
import type { AuditEntry } from "./audit";

/** Stops of processes that no run owns. */
export type OutsideStops = {
  /** Written down before any signal is sent, so that a restart of the dashboard does not forget it. */
  openStop(stop: NewOutsideStop, audit: AuditEntry): Promise<OutsideStop>;
  /** @param why instead of the usual words for the outcome */
  closeStop(stop: Pick<OutsideStop, "id">, outcome: StopOutcome, why: string | null): Promise<void>;
};

/** What a run that is made of live processes knows from the start. */
export type NewRunFacts = Pick<Run, "workerId" | "hostInstance" | "ownerEpoch">;

export type Adoption = {
  /**
   * Writes a run that is made of processes already there: running from the start, with all its locks.
   * @returns the run; the active run of the job that is in the way; null when there is no such job
   * @throws AppError STRAY_REFUSED when one of its locks is held
   */
  insertAdopted(
    id: JobId,
    decide: (job: Job, newest: Run | null) => Run,
    event: Readonly<Record<string, unknown>>,
    audit: (run: Run) => AuditEntry,
    now: number,
  ): Promise<{ readonly run: Run } | { readonly active: RunId } | null>;
};

/** A record of another system that was taken over before. */
export type TakenOver = { readonly run: RunId; readonly job: JobId };

export type Imports = {
  /** By what that system calls them. */
  findImported(source: string, externalIds: readonly string[]): Promise<ReadonlyMap<string, TakenOver>>;
  /** @returns the ids that were written */
  insertImported(runs: readonly Run[], audit: AuditEntry, now: number): Promise<ReadonlySet<RunId>>;
};

/** Processes of this data folder that no run owns. */
export type StrayWatch = {
  findStrays(): Promise<readonly Stray[]>;
  /** The one a process belongs to, by a look at this moment; null when it is none, or the number has a new owner. */
  findStray(identity: ProcessIdentity): Promise<Stray | null>;
  /**
   * Begins to end it, or goes on with it; asked again it goes on with the shorter grace. Its stops are closed when it is over.
   * @throws AppError STRAY_REFUSED when it is being adopted at this moment
   */
  endStray(stray: Stray, stop: OutsideStop): void;
  /**
   * Watches the run that `write` makes of it. Between the two nothing else can end or adopt it.
   * @throws AppError STRAY_REFUSED, FOREIGN_PROCESS, PID_FILE_REFUSED, and what `write` throws
   */
  adoptStray(
    stray: Stray,
    pidFile: JobPidFile | null,
    write: (found: NewRunFacts) => Promise<Run>,
  ): Promise<Run>;
};
