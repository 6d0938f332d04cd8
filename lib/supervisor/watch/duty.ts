import type { RunId } from "@/lib/domain/ids";
import type { Unrecovered } from "@/lib/domain/ports/host";
import type { Closing } from "./closing";
import type { SupervisorPorts } from "./ports";
import type { Tracker } from "./tracker";
import type { Watched, Watchlist } from "./watched";

/** Writes down what runs have shown of themselves, many at a time. */
export type LifeSaver = {
  /** Something was reported: it is saved, with all that others reported, within a second. */
  soon(): void;
  /** Writes down what has not been written yet. */
  save(): Promise<void>;
  stop(): void;
};

/**
 * Finds out what became of runs that are not watched, each separately: one that fails is reported, left alone
 * otherwise, and tried again with growing pauses until it succeeds. The others are looked after meanwhile.
 */
export type Recovering = {
  /** All of these, in turn. Resolves when each was tried once; or, while nothing can be written, when the first was. */
  takeAll(runs: readonly RunId[]): Promise<void>;
  take(runId: RunId): Promise<void>;
  find(runId: RunId): Unrecovered | null;
  list(): readonly Unrecovered[];
  /**
   * Tries one of these runs now; does nothing for others.
   * @throws AppError RUN_NOT_RECOVERED with the reason, when it fails again
   */
  settle(runId: RunId): Promise<void>;
  /** Finds out what became of a run, now. @throws AppError RUN_NOT_RECOVERED */
  findOut(runId: RunId): Promise<void>;
  /** Resolves when none is left to be tried again, or the dashboard goes down. */
  allFound(): Promise<void>;
};

/** What the parts of one supervisor share while it is on duty. */
export type Duty = {
  readonly ports: SupervisorPorts;
  readonly list: Watchlist;
  /** Aborted when the dashboard goes down: everything lets go, the runs live on. */
  readonly abort: AbortSignal;
  /** Before that, when the runs are to end with the dashboard. */
  readonly closing: Closing;
  readonly tasks: Tracker;
  readonly life: LifeSaver;
  readonly recovering: Recovering;
  /** Takes a watched run from where it is: ends it when that was asked for, else looks whether it has ended. */
  takeUp(watched: Watched): void;
  lookSoon(watched: Watched): void;
  /** Something may have become startable: a run was queued, or a lock was released. */
  claimQueued(): void;
};
