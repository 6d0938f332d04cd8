import type { Files } from "@/lib/domain/files";
import type { JobId, RunId, WorkerId } from "@/lib/domain/ids";
import type { OutsideStop, StopOutcome } from "@/lib/domain/outside-stop";
import type { HostInstance, Progress, Run } from "@/lib/domain/run";
import type { SignalsSent } from "@/lib/domain/signals-sent";
import type { RunEvent, Transition } from "@/lib/domain/transition";
import type { Cgroups } from "./cgroups/cgroups";
import type { ClockWitness } from "./pid-file/clock-witness";
import type { Processes } from "./processes/processes";
import type { UsageSample } from "./usage/run-usage";

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

/** The few things the supervisor needs of the database; boot.ts hands them in. */
export type RunRecords = {
  /** This worker's runs that are not over; no other's, and none that waits in the queue. Of each what needs no reading of the rest. */
  listUnfinishedStates(): Promise<readonly Pick<Run, "id" | "state">[]>;
  /** The queued runs whose turn it is and that this worker may claim, in order. */
  listStartable(): Promise<readonly Run[]>;
  find(runId: RunId): Promise<Run | null>;
  claim(
    runId: RunId,
    event: RunEvent & { type: "claimed" },
  ): Promise<Transition & { readonly before: Run | null }>;
  /**
   * Refused, as a value, for a run of another worker: what became of that run is not ours to say.
   * @param signs saved in the same transaction, so that a final run's figures are its last ones
   */
  apply(
    runId: RunId,
    event: RunEvent,
    signs?: LifeSigns,
  ): Promise<Transition & { readonly before: Run | null }>;
  /** The locks the run holds, with their fences. */
  fences(runId: RunId): Promise<readonly { readonly name: string; readonly fence: number }[]>;
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
  /** Which signals of ours were written down for this run, by whichever dashboard. */
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

export type SupervisorLog = {
  info(fields: Readonly<Record<string, unknown>>, event: string): void;
  warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  error(fields: Readonly<Record<string, unknown>>, event: string): void;
};

export type SupervisorPorts = {
  readonly records: RunRecords;
  readonly processes: Processes;
  readonly cgroups: Cgroups;
  readonly clock: ClockWitness;
  /** For paths that other people own; our own folder is read directly. */
  readonly files: Files;
  readonly log: SupervisorLog;
  /** Absolute folders and files; `launcher` is the shell script. */
  readonly paths: { readonly runs: string; readonly exits: string; readonly launcher: string };
  readonly logFile: (run: Run) => string;
  readonly workerId: WorkerId;
  readonly hostInstance: HostInstance;
  readonly ownerEpoch: number;
  /** The base of every run's environment; its PATH is where programs are looked for. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** All that a run started now is handed below what its job sets. */
  readonly handedOn: () => Promise<Readonly<Record<string, string>>>;
  /** The values of a job's secrets. */
  readonly secrets: (job: JobId) => Promise<Readonly<Record<string, string>>>;
  /** Where a run finds the dashboard. */
  readonly url: string;
  /** The same by a Unix socket, for the dashboard's own user; null: there is none. */
  readonly socket: string | null;
  readonly now: () => number;
  /** Tells the database that this host's supervisor is alive. */
  readonly beat: () => Promise<void>;
  /** What keeps every run from being started, null when nothing does. */
  readonly diskObstacle: () => Promise<string | null>;
  /** A run has reached its final state. `ranMs`: how long it lasted, by the clock nobody sets where there is one. */
  readonly onEnded: (run: Run, ranMs: number) => void;
};
