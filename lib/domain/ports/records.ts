import type { RunId } from "../ids";
import type { OutsideStop, StopOutcome } from "../outside-stop";
import type { Progress, Run } from "../run";
import type { HeldFence } from "../run-facts";
import type { SignalsSent } from "../signals-sent";
import type { RunEvent } from "../transition";
import type { RunChange, UsageRow } from "./runs";

/** A row of the series of what a run used, as it is kept. */
export type UsageSample = UsageRow & { readonly runId: RunId; readonly peakBytes: number };

/** What a run has shown of itself, as it is saved: many runs at once while they live, and with the end when they end. */
export type LifeSigns = {
  readonly runId: RunId;
  readonly logBytes: number;
  readonly lastLifeAt: number | null;
  readonly progress: Progress | null;
  readonly usualGapMs: number | null;
  /** Known at its end only: what its log said last that looks like an error, with no secret in it. */
  readonly lastWords?: string | null;
  /** The same: the folder it was launched in, where its row does not know it yet. */
  readonly realCwd?: string | null;
};

/** The few things the supervisor needs of the database; boot.ts hands them in, bound to one worker. */
export type RunRecords = {
  /** This worker's runs that are not over; no other's, and none that waits in the queue. Of each what needs no reading of the rest. */
  listUnfinishedStates(): Promise<readonly Pick<Run, "id" | "state">[]>;
  /** The queued runs whose turn it is and that this worker may claim, in order. */
  listStartable(): Promise<readonly Run[]>;
  find(runId: RunId): Promise<Run | null>;
  claim(runId: RunId, event: RunEvent & { type: "claimed" }): Promise<RunChange>;
  /**
   * Refused, as a value, for a run of another worker: what became of that run is not ours to say.
   * @param signs saved in the same transaction, so that a final run's figures are its last ones
   */
  apply(runId: RunId, event: RunEvent, signs?: LifeSigns): Promise<RunChange>;
  /** The locks the run holds, with their fences. */
  fences(runId: RunId): Promise<readonly HeldFence[]>;
  /**
   * Asks this worker's runs that have a process to end, in one transaction: the next `limit` after that id.
   * @param ask null leaves a run as it is
   * @returns them all, as they are then
   */
  stopPage(
    after: RunId | null,
    limit: number,
    ask: (run: Run) => (RunEvent & { type: "stop_requested" }) | null,
  ): Promise<readonly Run[]>;
  /** Which signals of ours were written down for this run, by any dashboard. */
  signalsSent(runId: RunId): Promise<SignalsSent>;
  /** This worker's stops of processes outside that are not over. */
  listStops(): Promise<readonly OutsideStop[]>;
  noteSignalled(stopId: number, state: NonNullable<OutsideStop["signalled"]>): Promise<void>;
  /** @param why instead of the usual words for the outcome */
  closeStop(stop: Pick<OutsideStop, "id">, outcome: StopOutcome, why: string | null): Promise<void>;
  note(runId: RunId, type: string, data: Readonly<Record<string, unknown>>): Promise<void>;
  noteWaiting(runId: RunId, waitingFor: string): Promise<void>;
  saveLogDropped(runId: RunId, bytes: number): Promise<void>;
  saveLifeSigns(signs: readonly LifeSigns[]): Promise<void>;
  saveUsage(samples: readonly UsageSample[]): Promise<void>;
  saveUsageTotals(
    runId: RunId,
    totals: { readonly cpuMs: number | null; readonly peakBytes: number | null },
  ): Promise<void>;
  /** Keeps the series of long runs short. */
  thinUsage(): Promise<void>;
};
