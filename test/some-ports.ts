import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { noCgroups } from "@/lib/supervisor/cgroups/cgroups";
import { clockWitness } from "@/lib/supervisor/pid-file/clock-witness";
import type { RunRecords, SupervisorPorts } from "@/lib/supervisor/ports";
import type { Processes } from "@/lib/supervisor/processes/processes";

/** A supervisor's ports over a folder of the test's own, which has the folders a supervisor makes. */
export function somePorts(
  folder: string,
  records: RunRecords,
  processes: Processes,
  changes: Partial<SupervisorPorts> = {},
): SupervisorPorts {
  const paths = {
    runs: join(folder, "runs"),
    exits: join(folder, "exits"),
    launcher: join(process.cwd(), "lib/supervisor/launcher.sh"),
  };
  for (const path of [paths.runs, paths.exits]) mkdirSync(path, { recursive: true });
  return {
    records,
    processes,
    cgroups: noCgroups("a test"),
    clock: clockWitness(Date.now, processes.sinceBootMs),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    paths,
    logFile: (run) => join(folder, run.jobId, "logs", `${run.id}.log`),
    hostInstance: processes.hostInstance(),
    ownerEpoch: 1,
    baseEnv: { PATH: process.env.PATH ?? "" },
    url: "http://127.0.0.1:1",
    socket: null,
    now: Date.now,
    beat: async () => {},
    diskObstacle: async () => null,
    onEnded: () => {},
    ...changes,
  };
}
