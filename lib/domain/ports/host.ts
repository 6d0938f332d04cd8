import type { RecoveryLimits } from "../auto-recovery";
import type { Account } from "../files";
import type { JobId, RunId, WorkerId } from "../ids";
import type { Found } from "../import-process";
import type { Job } from "../job";
import type { LifeSource } from "../life";
import type { OutsideStop } from "../outside-stop";
import type { JobPidFile, PidFileSight } from "../pid-file";
import type { StateFacts } from "../recovery";
import type { ProcessIdentity, Run } from "../run";
import type { RunAsHere } from "../run-as";
import type { StatePlace } from "../state-place";
import type { DoctorFacts } from "./doctor-facts";

/** What is known of a run right now, fresher than its row. Durations are monotonic: no clock change moves them. */
export type LiveFacts = Pick<
  Run,
  "logBytes" | "lastLifeAt" | "progress" | "usualGapMs" | "cpuMs" | "peakMemoryBytes"
> & {
  readonly processAlive: boolean | null;
  readonly lastLifeSource: LifeSource | null;
  /** Since the last sign of life, or since the start when there was none. */
  readonly quietMs: number;
  readonly ranMs: number;
  /** What it waits for by itself, in words, and until when (epoch milliseconds). */
  readonly waits: { readonly what: string; readonly until: number } | null;
  /** Since its end was asked for; null: it was not, or an earlier dashboard was asked. */
  readonly stoppingMs: number | null;
};

/** A run of which it could not be found out yet what has become of it. */
export type Unrecovered = {
  readonly runId: RunId;
  readonly reason: string;
  /** Epoch milliseconds of the first failure. */
  readonly since: number;
  readonly tries: number;
};

/** What was found of a run's processes. */
export type Proof =
  | { readonly found: "alive"; readonly pids: readonly number[] }
  /** It is being launched at this moment: its process is there, or comes at once. */
  | { readonly found: "launching" }
  /** Another worker runs it, and only that one can look. */
  | { readonly found: "elsewhere"; readonly workerId: WorkerId | null }
  /** Nothing of it is left. `ended`: its end has been written down, which let go of its locks. */
  | { readonly found: "gone"; readonly ended: boolean };

/** What `unstuck exec` needs to launch a claimed run in its own terminal. */
export type LaunchOffer = {
  readonly command: readonly string[];
  /** Added to the terminal's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly folder: string;
};

/** How a run's tree used the machine around one moment; `cpuPercent`: 100 is one whole core. */
export type UsageMoment = {
  readonly at: number;
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  readonly processes: number;
};

export type StateOf = Pick<Job, "kind" | "cwd" | "checkpoint" | "runAs">;
export type StateHolder = { readonly pid: number; readonly command: string };
export type Command = Pick<Job, "argv" | "cwd" | "env" | "runAs">;

/** What services ask of the supervisor about runs. */
export type Watch = {
  /** null: the run is not watched. */
  live(id: RunId): LiveFacts | null;
  whyUnrecovered(id: RunId): Unrecovered | null;
  /** How a run used the machine in the last ten minutes, oldest first; none for one that is not watched. */
  recentUsage(id: RunId): readonly UsageMoment[];
  /** Something was committed: a new queued run (no id) or a stop of this run. */
  nudge(id?: RunId): void;
  /** A start is asked for, and may still be refused: what takes a moment and changes nothing is prepared. */
  expectStart(): void;
  /** Looks at the run's real process now. @returns whether it is over */
  verify(id: RunId): Promise<boolean>;
  /** Looks for a run's processes; when nothing of it is left, its end is written down. */
  proveGone(id: RunId): Promise<Proof>;
  /** null while it is not its turn, and once it is launched. */
  launchOffer(id: RunId): LaunchOffer | null;
};

/** What services ask about processes and files outside. */
export type Machine = {
  /** @param fresh look now; else what was seen within the last second will do */
  seePidFile(file: JobPidFile, fresh?: boolean): Promise<PidFileSight>;
  /** @throws AppError FOREIGN_PROCESS, PID_FILE_REFUSED, PATH_NOT_ANSWERING */
  checkPidFile(file: JobPidFile | null): Promise<void>;
  /**
   * Looks once more itself, and removes nothing that is not stale then.
   * @param doubtfulToo also one of which it cannot be told whether its process has written it
   * @returns whether there was one
   */
  removeStalePidFile(file: JobPidFile, doubtfulToo: boolean): Promise<boolean>;
  /** Begins to end a process that no run of ours has started, or goes on with it. Its stop is closed when it is over. */
  endForeign(stop: OutsideStop, pidFile: JobPidFile): void;
  /** Whether that is under way. */
  isEnding(identity: ProcessIdentity): boolean;
  identify(pid: number): ProcessIdentity | null;
  /** null when there is no such process, or no program is behind the number. */
  whoIs(pid: number): Found;
  /** A live process that works in that JOBDIR or storage right now; null: none is seen. */
  stateHolder(spec: StateOf): Promise<StateHolder | null>;
  /** @throws AppError CWD_NOT_FOUND, COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE, RUN_AS_UNKNOWN, RUN_AS_NOT_ALLOWED, PATH_NOT_ANSWERING */
  checkCommand(spec: Command): Promise<void>;
  /** The folder with all links followed, as that user can; null: there is none, or that cannot be told. */
  realFolder(of: Pick<Job, "cwd" | "runAs">): Promise<string | null>;
  /** As the host's user database has it. @throws AppError RUN_AS_UNKNOWN, RUN_AS_NOT_ALLOWED */
  account(user: string): Promise<Account>;
  /** What a run has left where it keeps its state. Never throws: what cannot be read, or does not answer, is a finding. */
  readState(place: StatePlace): Promise<StateFacts>;
  /** @throws AppError DISK_FULL */
  checkRoom(): Promise<void>;
};

/** One look at a log: its size is what it was when it was opened, however it grows meanwhile. */
export type OpenedLog = {
  readonly size: number;
  /** Byte offset of the first line that is kept. */
  readonly start: number;
  tail(lines: number, within: number): Promise<{ readonly from: number; readonly cut: boolean }>;
  /** Null: its beginning was dropped meanwhile. It is closed then. */
  stream(from: number, to: number): Promise<ReadableStream<Uint8Array> | null>;
  close(): void;
};

export type Logs = {
  /** Asked again and again it tells where the log of a watched run begins; null: the run is not watched. */
  logKeptFrom(id: RunId): (() => number) | null;
  /** @throws AppError LOG_NOT_FOUND, LOG_REFUSED */
  openLog(run: Run, keptFrom: () => number): OpenedLog;
};

export type DemoJob = Pick<Job, "id" | "title" | "argv" | "cwd" | "runAs"> & {
  readonly checkpoint: string;
  readonly tags: readonly string[];
};

/** The process itself: its clock, its settings, and its chores that a request may wake. */
export type Here = {
  /** Epoch milliseconds, for people. */
  now(): number;
  /** From 0 up to, but not including, 1. */
  random(): number;
  readonly hostname: string;
  readonly defaultCwd: string;
  readonly runAs: RunAsHere;
  readonly restartDelayMs: number;
  readonly recoveryLimits: RecoveryLimits;
  /** In a time that tells nothing of where the two differ. */
  sameToken(one: string, other: string): boolean;
  /** Absolute: where this lineage keeps its state when the job names no place. */
  lineageFolder(job: Pick<Job, "id" | "runAs">, lineageId: RunId): string;
  demoJob(): DemoJob;
  doctorFacts(): Promise<DoctorFacts>;
  /** There is a plan to carry out. */
  nudgePlans(): void;
  /** Deletes the rest, or as much as can be waited for; what is left goes in the background. */
  finishDeletions(): Promise<void>;
  /** A schedule was made, changed or deleted. */
  nudgeSchedules(): void;
  /** The job's next attempt to recover is to come now. */
  wakeRecovery(id: JobId): void;
  /** Starts the successor of this run, which ended for a restart, as soon as that is possible. */
  goOnWithRestart(ended: Run): void;
};
