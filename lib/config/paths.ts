import { join } from "node:path";

/** Where everything lives below the data folder (docs/lifecycle.md, "Files on disk"). All absolute. */
export type Paths = {
  readonly data: string;
  readonly database: string;
  readonly instanceLock: string;
  readonly runs: string;
  readonly exits: string;
  readonly shims: string;
};

export function pathsIn(dataDir: string): Paths {
  return {
    data: dataDir,
    database: join(dataDir, "unstuck.db"),
    instanceLock: join(dataDir, "instance.lock"),
    runs: join(dataDir, "runs"),
    exits: join(dataDir, "exits"),
    shims: join(dataDir, "shims"),
  };
}

export function logFile(dataDir: string, jobId: string, runId: string): string {
  return join(dataDir, jobId, "logs", `${runId}.log`);
}
