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
  /** The launcher and the reader of files, each under a name made of its content. */
  readonly launchers: string;
};

export function pathsIn(dataDir: string): Paths {
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
    launchers: join(dataDir, "_launchers"),
  };
}

export function logFile(dataDir: string, jobId: string, runId: string): string {
  return join(dataDir, jobId, "logs", `${runId}.log`);
}

/** Where runs of one lineage keep what they go on from, when the job names no place (docs/decisions/0013-lineage-folders.md). */
export function lineageFolder(dataDir: string, jobId: string, lineageId: string): string {
  return join(dataDir, jobId, "lineages", lineageId);
}
