import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { inDatabase } from "../doctored";
import { type Operator, operator } from "../operator";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

const HOUR = 3_600_000;
/** Several starts and kills one after the other, on a machine that may be busy. */
vi.setConfig({ testTimeout: 300_000 });
/** The first attempt comes after an hour; and the longest wait of a dashboard that is in a hurry is none at all. */
const PATIENT = {
  UNSTUCK_RECOVERY_BASE_MS: String(HOUR),
  UNSTUCK_RECOVERY_CAP_MS: String(HOUR),
  UNSTUCK_TEST_JITTER: "0.999",
};
const HASTY = { UNSTUCK_RECOVERY_BASE_MS: "0" };

let server: TestServer;
let op: Operator;
let clock: string;

afterEach(() => op.endAll());
afterAll(cleanUp);

async function started(env: Record<string, string>, dataDir = newDataDir()): Promise<void> {
  clock = join(dataDir, "clock");
  // The step of the clock outlives a dashboard, as a real one does.
  if (!existsSync(clock)) writeFileSync(clock, "0");
  server = await startServer({ dataDir, env: { UNSTUCK_TEST_CLOCK: clock, ...env } });
  op = operator(server);
}

const recoveryOf = (job: string) => op.call("GET", `/api/v1/jobs/${job}/recovery`, 200);
const idsOf = async (job: string): Promise<string[]> => (await op.runsOf(job)).map(({ id }: Answer) => id);

function waiting(job: string): Promise<Answer> {
  return until(`${job} waits`, async () => {
    const recovery = await recoveryOf(job);
    return recovery.state === "waiting" ? recovery : null;
  });
}

/** A job whose run fails, once and for all runs after it when told so by a FIFO. */
async function failed(job: string): Promise<{ fifo: string; first: string }> {
  const fifo = makeFifo(join(op.cwd, `${job}.fifo`));
  await op.makeJob(job, program("exits-when-told", fifo), { autoRecover: true });
  const { id } = await op.running((await op.start(job)).id);
  await tell(fifo, 1);
  await op.over(id);
  return { fifo, first: id };
}

function starts(job: string): number {
  const row = inDatabase(server.dataDir, (database) =>
    database
      .prepare(`SELECT count(*) AS n FROM "Audit" WHERE "jobId" = ? AND "action" = 'recovery.restarted'`)
      .get(job),
  ) as { n: number };
  return row.n;
}

test("E13 a next attempt can be called off, asked for at once, and is called off by whoever stops or switches off the job", async () => {
  await started(PATIENT);
  const jobs = ["patient", "told-to-stop", "disabled", "by-hand", "everything"];
  const [patient, , , byHand] = await Promise.all(jobs.map(failed));
  const [plan] = await Promise.all(jobs.map(waiting));
  expect(plan).toMatchObject({ nextAction: "restart", attempts: 0, run: patient?.first });
  expect(Date.parse(plan.nextAt) - Date.parse(plan.since)).toBeGreaterThan(0.9 * HOUR);
  const stopped = await op.call("POST", "/api/v1/jobs/patient/recovery/stop", 200, { reason: "Not today." });
  expect(stopped).toMatchObject({
    state: "stopped",
    nextAt: null,
    reason: "Stopped by operator: “Not today.”.",
  });
  await op.call("POST", "/api/v1/jobs/patient/recovery/retry", 200);
  const second = await until("it was started again", async () => (await idsOf("patient")).length === 2);
  expect(second).toBe(true);

  await op.call("POST", "/api/v1/jobs/told-to-stop/stop", 202);
  expect(await recoveryOf("told-to-stop")).toMatchObject({ state: "stopped" });

  await op.call("PATCH", "/api/v1/jobs/disabled", 200, { version: 1, enabled: false });
  expect(await recoveryOf("disabled")).toMatchObject({ enabled: false, state: "idle", run: null });

  const { id } = await op.running((await op.start("by-hand")).id);
  expect(await recoveryOf("by-hand")).toMatchObject({ state: "idle", run: null, attempts: 0 });
  await tell(byHand?.fifo ?? "", 0);
  expect(await op.over(id)).toMatchObject({ state: "completed", trigger: "api" });

  expect(await recoveryOf("everything")).toMatchObject({ state: "waiting" });
  await op.call("POST", "/api/v1/stop-all", 202, {});
  expect(await recoveryOf("everything")).toMatchObject({ state: "stopped" });
});

test("E13 a clock that is set ahead or back neither brings an attempt forward nor doubles it, nor makes a crash loop healthy", async () => {
  await started(PATIENT);
  const { first } = await failed("steady");
  await waiting("steady");
  for (const step of [2 * HOUR, -2 * HOUR]) {
    writeFileSync(clock, String(step));
    // A whole crash of another job under the same clock: had anything been started by its time, it would be there by now.
    const other = `other-${step > 0 ? "ahead" : "back"}`;
    await failed(other);
    await waiting(other);
    expect(await idsOf("steady")).toEqual([first]);
  }
  await server.kill();
  await started(HASTY);
  // By the wall clock each run lasts an hour.
  const script = 'now=$(cat "$1"); printf %s $((now + 3600000)) >"$1"; exit 1';
  await op.makeJob("loop", ["/bin/sh", "-c", script, "sh", clock], { autoRecover: true });
  await op.start("loop");
  await until("it gave up", async () => (await recoveryOf("loop")).state === "gave_up");
  expect(await idsOf("loop")).toHaveLength(6);
});

test("E13 a plan outlives a dashboard that is killed while it waits, and is carried out once; so is an end that came while none was up", async () => {
  await started(PATIENT);
  const { first } = await failed("survives");
  const plan = await waiting("survives");
  const fifo = makeFifo(join(op.cwd, "alone.fifo"));
  await op.makeJob("alone", program("exits-when-told", fifo), { autoRecover: true });
  const alone = await op.running((await op.start("alone")).id);
  await server.kill();
  await tell(fifo, 7);
  await started(PATIENT, server.dataDir);
  expect(await waiting("alone")).toMatchObject({ nextAction: "restart", run: alone.id });
  expect(await op.run(alone.id)).toMatchObject({ state: "failed", exitCode: 7 });
  expect(await recoveryOf("survives")).toEqual(plan);
  expect(await idsOf("survives")).toEqual([first]);
  await server.kill();
  await started(HASTY, server.dataDir);
  for (const [job, before] of [
    ["survives", first],
    ["alone", alone.id],
  ] as const) {
    const second = await until(`the successor of ${job} runs`, async () => {
      const [newest] = await op.runsOf(job);
      return newest.id !== before && newest.state === "running" ? newest : null;
    });
    expect(second).toMatchObject({ trigger: "recovery" });
    expect(await idsOf(job)).toEqual([second.id, before]);
    expect(starts(job)).toBe(1);
  }
});

test("E13 B6 killed while it starts a recovery, the next dashboard goes on with exactly one run", async () => {
  await started({ ...HASTY, UNSTUCK_FAULT: "after-spawn:2" });
  const fifo = makeFifo(join(op.cwd, "spawned.fifo"));
  await op.makeJob("spawned", program("exits-when-told", fifo), { autoRecover: true });
  const first = await op.running((await op.start("spawned")).id);
  await tell(fifo, 1);
  await server.gone;
  await started({ ...HASTY, UNSTUCK_FAULT: "after-claim:1" }, server.dataDir);
  const [adopted, before] = await op.runsOf("spawned");
  expect(before.id).toBe(first.id);
  await op.running(adopted.id);
  expect(starts("spawned")).toBe(1);
  // The next one is decided on, and its claim written, but it never begins.
  await tell(fifo, 1);
  await server.gone;
  await started(HASTY, server.dataDir);
  const live = await until("one runs", async () =>
    (await op.runsOf("spawned")).find(({ state }: Answer) => state === "running"),
  );
  const runs = await op.runsOf("spawned");
  expect(runs.map(({ state, cause }: Answer) => `${state} ${cause}`)).toEqual([
    "running null",
    "interrupted never_started",
    "failed exit",
    "failed exit",
  ]);
  expect(runs[0].id).toBe(live.id);
  expect(starts("spawned")).toBe(3);
});

test("E13 runs that were well for long enough are recovered however often", async () => {
  await started({ ...HASTY, UNSTUCK_RECOVERY_HEALTHY_MS: "0" });
  await op.makeJob("often", program("exits-with", 1), { autoRecover: true });
  await op.start("often");
  await until("it has run eight times", async () => (await idsOf("often")).length >= 8);
  const recovery = await recoveryOf("often");
  expect(recovery.attempts).toBeLessThanOrEqual(1);
  expect(recovery.restarted).toBeGreaterThanOrEqual(6);
  await op.call("POST", "/api/v1/jobs/often/recovery/stop", 200);
});
