import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { aJob, aQueuedRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { isRunning } from "@/test/processes";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { createSupervisor } from "../supervisor";

/** Is still there for a moment after it has done its work, as any program is. */
const SLOW_MV = `#!/usr/bin/env python3
import os, sys, time
os.rename(sys.argv[1], sys.argv[2])
time.sleep(1)
`;

/** Takes as long as a disk that is slow to sync. */
const SLOW_DD = `#!/bin/sh
trap 'echo "$0 was signalled" >&4' INT TERM
exec 4>>"\${0%/*}/heard"
sleep 1 & wait $!; wait $!
exec /bin/dd "$@"
`;

test("a stop signals nothing that the launcher uses to write the exit code down, however long that takes", async () => {
  const folder = temporaryFolder();
  const tools = join(folder, "tools");
  mkdirSync(tools);
  writeFileSync(join(tools, "dd"), SLOW_DD, { mode: 0o755 });
  const script = `trap 'exit 7' TERM; : > ready; while :; do sleep 0.05; done`;
  const run = aQueuedRun(aJob({ argv: ["/bin/sh", "-c", script], cwd: folder }));
  const { records, rows, noted } = someRecords(run);
  const baseEnv = { PATH: `${tools}:${process.env.PATH ?? ""}` };
  const supervisor = createSupervisor(supervisorPorts(folder, records, { baseEnv }));
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  await until("it runs", () => existsSync(join(folder, "ready")) && rows.get(run.id)?.state === "running");
  await records.apply(run.id, { type: "stop_requested", cause: "stop", reason: null, graceMs: 3_000 });
  supervisor.nudge(run.id);
  const over = await until("it is over", () =>
    rows.get(run.id)?.endedAt === null ? null : rows.get(run.id),
  );
  expect(over).toMatchObject({ state: "stopped", exitCode: 7 });
  expect(noted.filter(({ type }) => type === "signal_sent")).toHaveLength(1);
  expect(readFileSync(join(tools, "heard"), "utf8")).toBe("");
});

/** Starts a process that has the launcher for a parent, and ends, or waits. CLONE_PARENT | SIGCHLD; the first argument is the number of clone(2). */
const SIBLING = `import ctypes, os, sys, time
if ctypes.CDLL(None).syscall(int(sys.argv[1]), 0x8000 | 17, 0, 0, 0, 0) == 0:
    os.setsid()
    open("sibling", "w").write(str(os.getpid()))
    time.sleep(600)
while not os.path.exists("sibling"): time.sleep(0.01)
time.sleep(float(sys.argv[2]))`;
const CLONE = { x64: "56", arm64: "220" }[process.arch as string];

for (const [end, seconds] of [
  ["ends by itself", "0"],
  ["is stopped", "600"],
] as const)
  test.skipIf(CLONE === undefined)(
    `what a program that ${end} has made a child of its launcher is ended too`,
    async () => {
      const folder = temporaryFolder();
      const tools = join(folder, "tools");
      mkdirSync(tools);
      writeFileSync(join(tools, "dd"), SLOW_DD, { mode: 0o755 });
      const baseEnv = { PATH: `${tools}:${process.env.PATH ?? ""}` };
      const argv = ["python3", "-c", SIBLING, CLONE ?? "", seconds];
      const run = aQueuedRun(aJob({ argv, cwd: folder }));
      const { records, rows } = someRecords(run);
      const supervisor = createSupervisor(supervisorPorts(folder, records, { baseEnv }));
      onTestFinished(() => supervisor.shutdown());
      await supervisor.start();
      const pid = await until("it has a sibling", () => {
        const file = join(folder, "sibling");
        return existsSync(file) && Number(readFileSync(file, "utf8"));
      });
      if (seconds !== "0") {
        await until("it runs", () => rows.get(run.id)?.state === "running");
        await records.apply(run.id, { type: "stop_requested", cause: "stop", reason: null, graceMs: 1_000 });
        supervisor.nudge(run.id);
      }
      await until("it is over", () => rows.get(run.id)?.endedAt !== null);
      expect(isRunning(pid)).toBe(false);
    },
  );

test("a launcher that cannot get its record onto the disk is ended in the end, with what it has started for that", async () => {
  const folder = temporaryFolder();
  const tools = join(folder, "tools");
  mkdirSync(tools);
  writeFileSync(join(tools, "dd"), `#!/bin/sh\necho $$ >"\${0%/*}/pid"\nexec sleep 600\n`, { mode: 0o755 });
  const run = aQueuedRun(aJob({ argv: ["/bin/sleep", "600"], cwd: folder }));
  const { records, rows } = someRecords(run);
  const baseEnv = { PATH: `${tools}:${process.env.PATH ?? ""}` };
  const supervisor = createSupervisor(supervisorPorts(folder, records, { baseEnv }));
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  await until("it runs", () => rows.get(run.id)?.state === "running");
  await records.apply(run.id, { type: "stop_requested", cause: "stop", reason: null, graceMs: 1_000 });
  supervisor.nudge(run.id);
  await until("it is over", () => rows.get(run.id)?.endedAt !== null);
  const pid = Number(readFileSync(join(tools, "pid"), "utf8"));
  expect(pid).toBeGreaterThan(1);
  expect(isRunning(pid)).toBe(false);
});

test("FR-A15 what the launcher itself uses to write the exit code down is nothing that its program has left behind", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "tools"));
  writeFileSync(join(folder, "tools/mv"), SLOW_MV, { mode: 0o755 });
  const run = aQueuedRun(aJob({ argv: ["true"], cwd: folder }));
  const { records, rows, noted } = someRecords(run);
  const baseEnv = { PATH: `${join(folder, "tools")}:${process.env.PATH ?? ""}` };
  const supervisor = createSupervisor(supervisorPorts(folder, records, { baseEnv }));
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  const over = await until("it is over", () => {
    const row = rows.get(run.id);
    return row?.state === "completed" ? row : null;
  });
  expect(noted).toEqual([]);
  expect(over.reason).toBe("Exited with code 0.");
});
