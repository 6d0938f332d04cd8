import type { FilesOf } from "@/lib/domain/files";
import type { JobId, WorkerId } from "@/lib/domain/ids";
import type { RunRecords } from "@/lib/domain/ports/records";
import type { HostInstance, Run } from "@/lib/domain/run";
import type { Folders } from "@/lib/domain/user-folders";
import type { SupervisorLog } from "../files/supervisor-log";
import type { Cgroups } from "../host/cgroups";
import type { ClockWitness } from "../host/clock-witness";
import type { Processes } from "../processes/processes";
import type { Spawner } from "./spawner";

export type SupervisorPorts = {
  readonly records: RunRecords;
  readonly processes: Processes;
  readonly cgroups: Cgroups;
  readonly clock: ClockWitness;
  /** For paths that other people own, with the rights of the user the run has; our own folder is read directly. */
  readonly files: FilesOf;
  readonly log: SupervisorLog;
  /** Absolute folders and files; `launcher` is the shell script. */
  readonly paths: Folders & { readonly launcher: string };
  readonly spawner: Spawner;
  readonly logFile: (run: Run) => string;
  readonly workerId: WorkerId;
  readonly hostInstance: HostInstance;
  readonly ownerEpoch: number;
  /** The base of every run's environment; its PATH is where programs are looked for. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** The only programs that may be launched; null: any. */
  readonly allowedCommands: readonly string[] | null;
  /** Under root: a run that does not say whom it runs as, as one that a dashboard of another user has queued, must not get all rights. */
  readonly needsRunAs: boolean;
  /** All that a run started now is handed below what its job sets. */
  readonly handedOn: () => Promise<Readonly<Record<string, string>>>;
  /** The values of a run's secret parameters. */
  readonly runSecrets: (run: Run["id"]) => Promise<Readonly<Record<string, string>>>;
  /** The values of a job's secrets. */
  readonly secrets: (job: JobId) => Promise<Readonly<Record<string, string>>>;
  /** What the dashboard itself was started with, `.env` included. */
  readonly startedWith: (name: string) => string | undefined;
  /** Where a run finds the dashboard. */
  readonly url: string;
  readonly now: () => number;
  /** Tells the database that this host's supervisor is alive. */
  readonly beat: () => Promise<void>;
  /** What keeps every run from being started, null when nothing does. */
  readonly diskObstacle: () => Promise<string | null>;
  /**
   * A run has reached its final state. `ranMs`: how long it lasted, by the monotonic clock where there is
   * one.
   */
  readonly onEnded: (run: Run, ranMs: number) => void;
};
