import { join } from "node:path";

/** Where everything lives below the data folder (docs/lifecycle.md, "Files on disk"). All absolute. */
export type Paths = {
  readonly data: string;
  readonly database: string;
  readonly instanceLock: string;
  /** Says which worker the folder belongs to. */
  readonly identity: string;
  readonly socket: string;
  /** What secrets in the database are sealed with, unless UNSTUCK_SECRET_KEY_FILE names another file. */
  readonly secretKey: string;
  /** There until the first admin is made. */
  readonly setUpCode: string;
  readonly runs: string;
  readonly exits: string;
  /** For each user that jobs run as a folder of that user: what such a run has to reach itself. */
  readonly runAs: string;
  /** The launcher and the reader of files, each under a name made of its content. */
  readonly launchers: string;
};

/** @param runAs UNSTUCK_RUN_AS_DIR; null: in the data folder */
export function pathsIn(dataDir: string, runAs: string | null = null): Paths {
  return {
    data: dataDir,
    database: join(dataDir, "unstuck.db"),
    instanceLock: join(dataDir, "instance.lock"),
    identity: join(dataDir, "_identity"),
    socket: join(dataDir, "unstuck.sock"),
    secretKey: join(dataDir, "_secret-key"),
    setUpCode: join(dataDir, "_set-up-code"),
    runs: join(dataDir, "runs"),
    exits: join(dataDir, "exits"),
    runAs: runAs ?? join(dataDir, "_run-as"),
    launchers: join(dataDir, "_launchers"),
  };
}

export function logFile(dataDir: string, jobId: string, runId: string): string {
  return join(dataDir, jobId, "logs", `${runId}.log`);
}
