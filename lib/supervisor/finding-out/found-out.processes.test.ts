import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Run } from "@/lib/domain/run";
import { aRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { aProcess, someProcesses } from "@/test/some-processes";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { runFiles } from "../files/run-files";
import type { ProcessInfo } from "../processes/processes";
import { createSupervisor } from "../supervisor";

/** No kernel gives out such numbers. */
const LAUNCHER = { pid: 500_000_000, startTicks: 5 };
const PROGRAM = { pid: 500_000_001, startTicks: 6 };

/** A run that an earlier dashboard left, among the processes of this host. */
function left(run: Run, processes: ProcessInfo[]) {
  const { records, rows } = someRecords(run);
  const folder = temporaryFolder();
  const ports = supervisorPorts(folder, records, { processes: someProcesses(processes) });
  const files = runFiles(ports.paths.runs, ports.paths.exits, run.id);
  for (const path of [files.folder, ports.paths.exits]) mkdirSync(path, { recursive: true });
  const supervisor = createSupervisor(ports);
  onTestFinished(() => supervisor.shutdown());
  const over = () =>
    until("it is over", () => (rows.get(run.id)?.endedAt === null ? null : rows.get(run.id)));
  return { folder, files, rows, supervisor, over };
}

test("a run that ended while no dashboard was there ended when its record was written", async () => {
  const run = aRun("running", { launcher: LAUNCHER, process: PROGRAM });
  const { files, supervisor, over } = left(run, []);
  writeFileSync(files.exitFile, "3 0 0\n");
  const endedAt = (run.startedAt ?? 0) + 7_000;
  utimesSync(files.exitFile, endedAt / 1_000, endedAt / 1_000);
  await supervisor.start();
  expect(await over()).toMatchObject({ state: "failed", exitCode: 3, endedAt });
});

test("an end whose last usage cannot be saved is written all the same, once, and gone on with", async () => {
  const run = aRun("running", { launcher: LAUNCHER, process: PROGRAM });
  const { records, rows } = someRecords(run);
  const folder = temporaryFolder();
  const full = () => Promise.reject(new Error("the database is busy"));
  const ended: unknown[] = [];
  const ports = supervisorPorts(
    folder,
    { ...records, saveUsage: full, saveUsageTotals: full },
    { processes: someProcesses([]), onEnded: ({ id }) => void ended.push(id) },
  );
  const files = runFiles(ports.paths.runs, ports.paths.exits, run.id);
  for (const path of [files.folder, ports.paths.exits]) mkdirSync(path, { recursive: true });
  writeFileSync(files.exitFile, "3 50 50\n");
  const supervisor = createSupervisor(ports);
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  await until("it is gone on with", () => ended.length > 0);
  expect(rows.get(run.id)).toMatchObject({ state: "failed", exitCode: 3 });
  expect(ended).toEqual([run.id]);
  expect(supervisor.watchedCount()).toBe(0);
});

for (const [hostInstance, cause] of [
  ["boot/2/2", "container_gone"],
  ["another/1/1", "host_rebooted"],
] as const)
  test(`a run of host instance ${hostInstance} is over because of ${cause}, and its pids are not looked at`, async () => {
    const run = aRun("running", { launcher: LAUNCHER, process: PROGRAM, hostInstance });
    const { supervisor, over } = left(run, [aProcess(LAUNCHER)]);
    await supervisor.start();
    expect(await over()).toMatchObject({ state: "interrupted", cause });
  });

test("a run whose launcher is gone is adopted while a process of it lives", async () => {
  const run = aRun("running", { launcher: LAUNCHER, process: PROGRAM });
  const { rows, supervisor } = left(run, [aProcess(PROGRAM, { marker: `${run.id}.${run.token}` })]);
  await supervisor.start();
  expect(supervisor.live(run.id)?.processAlive).toBe(true);
  expect(rows.get(run.id)).toMatchObject({ state: "running", endedAt: null });
});

test("the pid file of a run goes with its end, and another's stays", async () => {
  // A number as kernels give them out; no process has it here.
  const program = { pid: 4_001, startTicks: 78 };
  for (const [pid, stays] of [
    [program.pid, false],
    [program.pid + 1, true],
  ] as const) {
    const pidFile = join(temporaryFolder(), "nightly.pid");
    const plain = aRun("running", { launcher: LAUNCHER, process: program });
    const run = { ...plain, spec: { ...plain.spec, pidFile } };
    const { files, supervisor, over } = left(run, []);
    writeFileSync(pidFile, `${pid}\n`);
    writeFileSync(files.exitFile, "0 0 0\n");
    await supervisor.start();
    expect(await over()).toMatchObject({ state: "completed" });
    expect(existsSync(pidFile), `a file that says ${pid}`).toBe(stays);
  }
});
