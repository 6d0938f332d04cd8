import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { OURS } from "@/test/children";
import { aJob, aQueuedRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { isInstalled, SHELLS, type Shell, startPiped } from "@/test/launcher";
import { isRunning, kill } from "@/test/processes";
import { makeFifo, tell } from "@/test/programs";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { readExitRecord, readPump } from "../files/run-files";
import { findMembers } from "../processes/members";
import { watch } from "../watch/watched";
import { drained, keepPump } from "./log-pipe";

const MARKER = `${OURS}ends`;
const DASH: Shell = { name: "dash", command: ["dash"] };

/** A piped run of a real launcher, and what a sweep knows of it. @param script of bash @param log what its log leads to */
function piped(shell: Shell, script: (go: string, late: string) => string, log: string | null = null) {
  // As logs are in a data folder, which the product insists on.
  const folder = join(temporaryFolder(), "nightly/logs");
  const [go, late] = [makeFifo(join(folder, "go")), makeFifo(join(folder, "late"))];
  if (log !== null) symlinkSync(log, join(folder, "log"));
  const run = startPiped(shell, ["bash", "-c", script(go, late)], folder, MARKER);
  const { records, noted } = someRecords();
  const ports = supervisorPorts(folder, records, { logFile: () => join(folder, "log") });
  const watched = { ...watch(ports, new Map(), aQueuedRun(aJob())), files: run.files };
  const { tree } = watched;
  const learnPump = () => {
    tree.pump = readPump(run.files);
    return tree.pump ?? expect.fail("no pump");
  };
  /** Whoever it is now: nothing else would find it. */
  onTestFinished(() => {
    const pump = tree.pump ?? null;
    if (pump !== null && ports.processes.read(pump.pid)?.startTicks === pump.startTicks)
      kill(pump.pid, "SIGKILL");
  });
  return {
    run,
    ports,
    watched,
    tree,
    noted,
    learnPump,
    go: () => tell(go, "go"),
    late: () => tell(late, "go"),
  };
}

const gone = (pid: number) => until(`process ${pid} is gone`, () => !isRunning(pid));

test("FR-F1 a pump that has ended with its program was not killed: no other is started, and nothing is told", async () => {
  const { run, ports, watched, tree, noted, learnPump } = piped(DASH, () => "echo end");
  await run.ended;
  const pump = learnPump();
  await gone(pump.pid);
  await keepPump(ports, watched);
  expect([tree.pump, readPump(run.files)]).toEqual([pump, pump]);
  expect(noted).toEqual([]);
  expect(run.log()).toBe("end\n");
});

test("FR-F1 what a run left behind is given another pump when its own is killed after the run's end", async () => {
  const { run, ports, watched, tree, noted, learnPump, late } = piped(
    DASH,
    (_, fifo) => `(read -r _ <${fifo}; echo late) & echo end`,
  );
  await run.ended;
  const first = learnPump();
  await until("its log is whole", () => run.log() === "end\n");
  kill(first.pid, "SIGKILL");
  await gone(first.pid);
  await keepPump(ports, watched);
  const next = tree.pump ?? expect.fail("no pump");
  expect(next.pid).not.toBe(first.pid);
  expect(noted).toMatchObject([{ type: "log_pump_restarted", data: { pid: first.pid } }]);
  await late();
  await gone(next.pid);
  expect(run.log()).toBe("end\nlate\n");
});

for (const shell of SHELLS.filter(isInstalled))
  test(`FR-F1 FR-A14 the last words of a program whose pump was killed are in its log, and it is told, when only the launcher in ${shell.name} has seen it`, async () => {
    // What it leaves behind holds the pipe, and must hold up nobody.
    const { run, ports, watched, noted, learnPump, go, late } = piped(
      shell,
      (on, fifo) =>
        `(read -r _ <${fifo}; echo late) & echo before; read -r _ <${on}; echo last words >&2; exit 3`,
    );
    await until("it has written", () => run.log() === "before\n");
    const first = learnPump();
    kill(first.pid, "SIGKILL");
    await gone(first.pid);
    await go();
    expect((await run.ended).code).toBe(3);
    expect(readExitRecord(run.files)?.status).toBe(3);
    await drained(ports, watched);
    expect(run.log()).toBe("before\nlast words\n");
    expect(noted).toMatchObject([{ type: "log_pump_restarted", data: { pid: first.pid } }]);
    const second = readPump(run.files) ?? expect.fail("no pump");
    // Known by no mark, so that a search for what the run left behind does not end it.
    const known = {
      marker: MARKER,
      launcher: null,
      payload: null,
      pump: null,
      sessions: new Map<number, number>(),
    };
    const members = (await findMembers(ports.processes, known)).map(({ pid }) => pid);
    expect([members.length > 0, members.includes(second.pid)]).toEqual([true, false]);
    await drained(ports, watched);
    expect(noted).toHaveLength(1);
    await late();
    await gone(second.pid);
    expect(run.log()).toBe("before\nlast words\nlate\n");
  });

for (const shell of SHELLS.filter(isInstalled))
  test(`FR-F1 what a pump of ${shell.name} could not write at the end of its run, as on a full disk, is told, once`, async () => {
    const { run, ports, watched, noted, learnPump, go } = piped(
      shell,
      (fifo) => `read -r _ <${fifo}; echo last words; exit 3`,
      "/dev/full",
    );
    await until("the pump is there", () => readPump(run.files));
    const pump = learnPump();
    // It tries no sooner than when the launcher has let go of the pipe.
    kill(pump.pid, "SIGSTOP");
    await go();
    expect((await run.ended).code).toBe(3);
    kill(pump.pid, "SIGCONT");
    await gone(pump.pid);
    await drained(ports, watched);
    await drained(ports, watched);
    const reason = expect.stringContaining("No space left on device");
    expect(noted).toMatchObject([{ type: "log_pump_failed", data: { reason } }]);
  });
