import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { aRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { aProcess, someProcesses } from "@/test/some-processes";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { createSupervisor } from "../supervisor";

/** No kernel gives out such a number. */
const LAUNCHER = { pid: 500_000_000, startTicks: 5 };

for (const [word, whose] of [
  ["launcher", "ours"],
  ["shim", "that of 0.1.0"],
])
  test(`a run whose start was cut off is adopted by the claim of its launcher, ${whose}`, async () => {
    const run = aRun("starting", { launcher: null, process: null });
    const { records, rows } = someRecords(run);
    const processes = someProcesses([aProcess(LAUNCHER)]);
    const ports = supervisorPorts(temporaryFolder(), records, { processes });
    mkdirSync(join(ports.paths.runs, run.id), { recursive: true });
    mkdirSync(ports.paths.exits);
    const claim = `${word} ${LAUNCHER.pid} ${LAUNCHER.startTicks}\n`;
    writeFileSync(join(ports.paths.runs, run.id, "claim"), claim);
    const supervisor = createSupervisor(ports);
    onTestFinished(() => supervisor.shutdown());
    await supervisor.start();
    expect(rows.get(run.id)).toMatchObject({ state: "running", launcher: LAUNCHER });
    expect(supervisor.live(run.id)?.processAlive).toBe(true);
  });
