import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { makeDisk } from "../frozen-disk";
import { type Operator, operator } from "../operator";
import { kill, launcherOf, processesOfRun, stateOf } from "../processes";
import { program } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const tells = async (id: string, type: string) =>
  (await op.events(id)).some((event: { type: string }) => event.type === type);

test("C3 a program that hangs in the kernel is told as unkillable, keeps its lock, and ends truly once it can", async ({
  skip,
}) => {
  const disk = makeDisk();
  if (typeof disk === "string") return skip(disk);
  await op.makeJob("hangs", program("appends-for-ever", join(disk.folder, "file")), {
    timeouts: { stopGraceMs: 200 },
    locks: ["disk"],
  });
  await op.makeJob("next", program("forever"), { locks: ["disk"] });
  const { id } = await op.startReady("hangs");
  disk.freeze();
  try {
    await until("it hangs", () => processesOfRun(id).some(({ pid }) => stateOf(pid) === "D"));
    await op.stop("hangs");
    await until("it is told as unkillable", () => tells(id, "unkillable"));
    expect(await op.run(id)).toMatchObject({ state: "stopping", cause: "stop" });
    const waiting = await op.start("next");
    expect(await op.run(waiting.id)).toMatchObject({
      state: "queued",
      waitingFor: expect.stringContaining(id),
    });
    expect((await server.api("POST", "/api/v1/jobs/hangs/start")).status).toBe(409);
  } finally {
    disk.thaw();
  }
  expect(await op.over(id)).toMatchObject({ state: "stopped", cause: "stop", signal: "SIGKILL" });
  await op.running((await op.runsOf("next"))[0].id);
  expect(processesOfRun(id)).toEqual([]);
  await until("nobody uses the disk", () => {
    try {
      disk.remove();
      return true;
    } catch {
      return false;
    }
  });
});

test("C3 a suspended program still runs, and a stop ends it", async () => {
  const run = await op.runningJob("suspended", program("forever"));
  process.kill(run.pid, "SIGSTOP");
  await until("it stands still", () => stateOf(run.pid) === "T");
  expect(await op.run(run.id)).toMatchObject({ state: "running" });
  await op.stop("suspended");
  expect(await op.over(run.id)).toMatchObject({ state: "stopped", signal: "SIGTERM" });
});

test("C3 a stop ends a run whose launcher is suspended or killed meanwhile", async () => {
  for (const signal of ["SIGSTOP", "SIGKILL"] as const) {
    const job = `launcher-${signal.toLowerCase()}`;
    await op.makeJob(job, program("ignores-term"), { timeouts: { stopGraceMs: 3_600_000 } });
    const run = await op.startReady(job);
    const launcher = launcherOf(run);
    await op.stop(job);
    await until("it was asked", () => tells(run.id, "signal_sent"));
    kill(launcher, signal);
    await until("it is so", () => stateOf(launcher) === (signal === "SIGSTOP" ? "T" : null));
    await op.stop(job, { force: true });
    const ended = await op.over(run.id);
    // A suspended launcher is woken to tell how its program ended; a killed one cannot.
    const told = signal === "SIGSTOP" ? "SIGKILL" : null;
    expect(ended).toMatchObject({ state: "stopped", cause: "stop", exitCode: null, signal: told });
    expect(processesOfRun(run.id)).toEqual([]);
  }
});

test("C3 C2 a clock that is a day off, ahead or behind, kills nothing and makes no end before its start", async () => {
  const clock = join(op.cwd, "clock");
  const DAY_MS = 86_400_000;
  writeFileSync(clock, "0");
  const env = { UNSTUCK_TEST_CLOCK: clock };
  let own = await startServer({ env });
  let mine = operator(own);
  const run = await mine.runningJob("limited", program("forever"), {
    timeouts: { maxDurationMs: 3_600_000 },
  });
  await mine.makeJob("stepped", program("forever"));
  for (const offset of [DAY_MS, -DAY_MS]) {
    const other = await mine.running((await mine.start("stepped")).id);
    writeFileSync(clock, String(offset));
    await judged(mine, offset > 0 ? "ahead" : "behind");
    expect(await mine.run(run.id)).toMatchObject({ state: "running", pid: run.pid });
    await own.kill();
    own = await startServer({ dataDir: own.dataDir, env });
    mine = operator(own);
    expect(await mine.run(run.id)).toMatchObject({ state: "running", pid: run.pid });
    await mine.stop("stepped");
    const ended = await mine.over(other.id);
    expect(Date.parse(ended.endedAt)).toBeGreaterThanOrEqual(Date.parse(ended.startedAt));
    await judged(mine, offset > 0 ? "ahead-again" : "behind-again");
    expect(await mine.run(run.id)).toMatchObject({ state: "running", pid: run.pid });
  }
  await mine.endAll();
  expect(await own.stop()).toBe(0);
});

/** The monitor has gone round: a younger run with a limit of its own has been judged after all others. */
async function judged(at: Operator, job: string): Promise<void> {
  const witness = await at.runningJob(job, program("forever"), { timeouts: { maxDurationMs: 1_000 } });
  expect(await at.over(witness.id)).toMatchObject({ state: "timed_out", cause: "max_duration" });
}
