import type { DiskLimits, DiskSpace, DiskState } from "../disk";
import type { EnvironmentUse } from "../environment";
import type { ShutdownPolicy } from "../shutdown";

/** What the checks judge; read by lib/host/doctor-facts.ts. */
export type DoctorFacts = {
  readonly nodeVersion: string;
  readonly user: number;
  readonly dataFolder: {
    readonly path: string;
    readonly owner: number;
    readonly mode: number;
    readonly networkFileSystem: string | null;
    /** Why it may not be the live one, in a sentence; null: it is. */
    readonly doubt: string | null;
  };
  readonly database: {
    readonly file: string;
    readonly bytes: number;
    readonly walBytes: number;
    /** How long a transaction that changes nothing took; null: it failed, `problem` tells. */
    readonly tookMs: number | null;
    readonly problem: string | null;
    /** The newest time written down, by the wall clock then; null: no run yet. */
    readonly newestAt: number | null;
  };
  /** Jobs and newest runs whose row is damaged. `what`: as `job nightly`. */
  readonly unreadable: readonly { readonly what: string; readonly why: string }[];
  readonly launcher: { readonly folder: string; readonly shell: boolean; readonly usable: string | null };
  readonly disk: (DiskSpace & { readonly state: DiskState }) | null;
  readonly diskLimits: DiskLimits;
  readonly clock: {
    readonly now: number;
    /** Is it kept right by the network? null: cannot be told here. */
    readonly synchronised: boolean | null;
  };
  readonly socket: { readonly path: string | null; readonly why: string | null };
  /** Scrapy jobs whose call is not recognised, so that no JOBDIR is added. */
  readonly unseenCrawls: readonly string[];
  /** Jobs that run as root, and under root those that do not say whom they run as. */
  readonly runAs: { readonly root: readonly string[]; readonly unsaid: readonly string[] };
  /** Active runs of which it could not be found out yet what has become of them. */
  readonly unrecovered: readonly { readonly runId: string; readonly reason: string }[];
  readonly accounts: {
    /** `open`: switched off. `none`: there is none yet. */
    readonly state: "open" | "none" | "some";
    /** Calls of programs that did not say who they are, the newest first. */
    readonly refused: readonly {
      readonly what: string;
      readonly agent: string;
      readonly address: string | null;
      readonly count: number;
    }[];
    /** A key file that others may read; null: none. */
    readonly keyOpenToOthers: string | null;
  };
  readonly origin: string;
  readonly beyondLoopback: boolean;
  readonly environment: {
    readonly use: EnvironmentUse;
    /** What the recorded list hands on. */
    readonly names: readonly string[];
    /** Named and without a value here. */
    readonly missing: readonly string[];
    /** Handed on under a name that does not reach the program. */
    readonly notCarried: readonly string[];
  };
  readonly onShutdown: { readonly policy: ShutdownPolicy; readonly why: string };
  readonly systemd: { readonly unit: string | null; readonly killMode: string | null };
  readonly init: { readonly isFirstProcess: boolean; readonly name: string | null };
  /** Whether the system hides other users' processes from the dashboard. */
  readonly hidesProcesses: boolean;
  readonly openFiles: number | null;
};
