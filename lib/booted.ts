import type { Logger } from "pino";
import type { Auth, Keyring } from "@/lib/auth/auth";
import type { Config } from "@/lib/config/config";
import type { HostEnvironment } from "@/lib/domain/environment";
import { AppError } from "@/lib/domain/errors";
import type { FilesOf } from "@/lib/domain/files";
import type { JobId } from "@/lib/domain/ids";
import type { Ports } from "@/lib/domain/ports/ports";
import type { Run } from "@/lib/domain/run";
import type { StatusBoard } from "@/lib/reads/status/board";
import type { Store } from "@/lib/store/transaction";
import type { Urgency } from "@/lib/store/write-queue";
import type { DiskGuard } from "@/lib/supervisor/host/guard";
import type { Supervisor } from "@/lib/supervisor/supervisor";
import type { OwnFolder } from "./own-folder";
import { slot } from "./slot.mjs";

/** What the process is made of. */
export type Parts = {
  readonly config: Config;
  readonly store: Store;
  readonly auth: Auth;
  readonly keyring: Keyring;
  readonly supervisor: Supervisor;
  readonly disk: DiskGuard;
  readonly folder: OwnFolder;
  /** Takes up the work. Not before it is certain that the data folder is the live one. */
  readonly begin: () => Promise<void>;
  /** For paths that other people own. */
  readonly files: FilesOf;
  /** The owner's own door; `path` null: there is none, `why` tells. */
  readonly socket: { readonly path: string | null; readonly why: string | null };
  /** Where this dashboard is reached, for runs and for people. */
  readonly origin: string;
  /** What runs can be handed of the environment Unstuck was started in. */
  readonly environment: HostEnvironment;
  /** A clean-up or a deletion was applied. */
  readonly nudgePlans: () => void;
  readonly nudgeSchedules: () => void;
  readonly skipPastSlots: () => Promise<void>;
  /** A job was deleted; resolves when all of it is gone, or when that takes long. */
  readonly finishDeletions: () => Promise<void>;
  /** The job's next attempt to recover is to come now. */
  readonly wakeRecovery: (job: JobId) => void;
  /** The successor of this run, which ended for a restart, could not be started yet. */
  readonly goOnWithRestart: (ended: Run) => void;
};

/** The process once it has come up. `ports`: what its services ask for, by the line in which their writes wait. */
export type App = Parts & {
  readonly ports: Readonly<Record<Urgency, Ports>>;
  readonly status: StatusBoard;
};

/** The life of the process, as one value that every copy of this module sees. */
export type Booted =
  | { readonly phase: "booting"; readonly since: number; readonly log: Logger }
  | { readonly phase: "ready"; readonly since: number; readonly log: Logger; readonly app: App }
  | { readonly phase: "failed"; readonly since: number; readonly log: Logger; readonly failure: AppError }
  /** `app`: still there while runs are being stopped, so that they can be looked at; null once it is being closed. */
  | { readonly phase: "stopping"; readonly since: number; readonly log: Logger; readonly app: App | null };

export function booted(): Booted | null {
  return slot().booted as Booted | null;
}

export function setBooted(value: Booted): void {
  slot().booted = value;
}

/** Why nothing can be asked of the process now. */
export function unavailable(): AppError {
  const state = booted();
  const stopping = state?.phase === "stopping";
  const doing = stopping ? "is shutting down" : "is starting";
  const runs = stopping && state.app !== null ? "It is stopping its runs" : "Runs are not affected";
  return new AppError("SUPERVISOR_UNAVAILABLE", `Unstuck ${doing}. ${runs}. Try again in a moment.`);
}
