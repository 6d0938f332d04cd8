import { join } from "node:path";
import type { RunRecords } from "@/lib/domain/ports/records";
import { noCgroups } from "@/lib/supervisor/host/cgroups";
import { clockWitness } from "@/lib/supervisor/host/clock-witness";
import { spawnDirectly } from "@/lib/supervisor/launch/spawn-directly";
import { processesOfThisHost } from "@/lib/supervisor/processes/of-this-host";
import type { SupervisorPorts } from "@/lib/supervisor/watch/ports";
import { WORKER } from "./factories";
import { testFiles } from "./file-access";

const files = testFiles();

/** What a supervisor over real processes, or those in `changes`, needs, with its files in a folder of the test's and without an HTTP server. */
export function supervisorPorts(
  folder: string,
  records: RunRecords,
  changes: Partial<SupervisorPorts> = {},
): SupervisorPorts {
  const processes = changes.processes ?? processesOfThisHost();
  return {
    files,
    records,
    processes,
    cgroups: noCgroups("a test"),
    clock: clockWitness(Date.now, processes.sinceBootMs),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    paths: {
      data: folder,
      runAs: join(folder, "_run-as"),
      runs: join(folder, "runs"),
      exits: join(folder, "exits"),
      launcher: join(process.cwd(), "lib/supervisor/launch/launcher.sh"),
    },
    spawner: spawnDirectly,
    logFile: (run) => join(folder, run.jobId, "logs", `${run.id}.log`),
    workerId: WORKER,
    hostInstance: processes.hostInstance(),
    ownerEpoch: 1,
    baseEnv: { PATH: process.env.PATH ?? "" },
    allowedCommands: null,
    needsRunAs: false,
    handedOn: async () => ({ PATH: process.env.PATH ?? "" }),
    secrets: async () => ({}),
    runSecrets: async () => ({}),
    startedWith: () => undefined,
    url: "http://127.0.0.1:1",
    now: Date.now,
    beat: async () => {},
    diskObstacle: async () => null,
    onEnded: () => {},
    ...changes,
  };
}
