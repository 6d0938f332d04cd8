import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { endChild, startChild } from "../children";
import { inDatabase, rowOf } from "../doctored";
import { type Operator, operator } from "../operator";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer({ env: { UNSTUCK_RECOVERY_BASE_MS: "20", UNSTUCK_RECOVERY_CAP_MS: "100" } });
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const recovers = { autoRecover: true };
const recoveryOf = (job: string) => op.call("GET", `/api/v1/jobs/${job}/recovery`, 200);

function recoveryThat(job: string, what: string, wanted: (recovery: Answer) => boolean): Promise<Answer> {
  let last: Answer = null;
  return until(
    () => `the recovery of ${job} ${what}; it is ${JSON.stringify(last)}`,
    async () => {
      last = await recoveryOf(job);
      return wanted(last) ? last : null;
    },
  );
}

const gaveUp = (job: string, runs: number) =>
  until(`${job} gave up after ${runs} runs`, async () => {
    const recovery = await recoveryOf(job);
    return recovery.state === "gave_up" && (await op.runsOf(job)).length === runs ? recovery : null;
  });

function successor(job: string, count = 2): Promise<Answer> {
  return until(`${job} has ${count} runs`, async () => {
    const runs = await op.runsOf(job);
    return runs.length >= count ? runs[0] : null;
  });
}

function auditOf(job: string): Record<string, number> {
  const rows = inDatabase(server.dataDir, (database) =>
    database
      .prepare(`SELECT "action", count(*) AS n FROM "Audit" WHERE "jobId" = ? GROUP BY "action"`)
      .all(job),
  ) as { action: string; n: number }[];
  return Object.fromEntries(
    rows.filter(({ action }) => action.startsWith("recovery.")).map(({ action, n }) => [action, n]),
  );
}

const eventTypes = async (run: string) => (await op.events(run)).map(({ type }: Answer) => type);

test("D6 E13 a job that fails at once is restarted five times, then given up loudly, and tried again when told", async () => {
  await op.makeJob("crashes", program("exits-with", 1), recovers);
  const first = await op.start("crashes");
  const recovery = await gaveUp("crashes", 6);
  expect(recovery).toMatchObject({ attempts: 5, maxAttempts: 5, restarted: 5, resumed: 0, nextAt: null });
  expect(recovery.reason).toMatch(/crash loop.*Exited with code 1/);
  const runs = await op.runsOf("crashes");
  for (const run of runs.slice(0, 5))
    expect(run).toMatchObject({ trigger: "recovery", actor: "system", parentRunId: null, lineageId: run.id });
  expect(auditOf("crashes")).toEqual({
    "recovery.planned": 5,
    "recovery.restarted": 5,
    "recovery.gave_up": 1,
  });
  expect(await eventTypes(first.id)).toEqual(
    expect.arrayContaining(["recovery_planned", "recovery_restarted"]),
  );
  expect(await eventTypes(runs[0].id)).toContain("recovery_gave_up");
  expect(server.output()).toContain("recovery.gave_up");
  const alerts = await op.call("GET", "/api/v1/alerts?open=1", 200);
  expect(alerts.items).toMatchObject([
    {
      kind: "recovery",
      job: "crashes",
      title: "Job crashes is not recovered any more",
      detail: recovery.reason,
    },
  ]);
  await op.call("POST", "/api/v1/jobs/crashes/recovery/retry", 200, { reason: "The site is back." });
  expect(await gaveUp("crashes", 11)).toMatchObject({ attempts: 5, restarted: 10 });
  expect(auditOf("crashes")).toMatchObject({ "recovery.retried": 1, "recovery.gave_up": 2 });
});

test("E13 a run that left a checkpoint is resumed in its lineage, and a completed one ends the streak", async () => {
  const script = [
    'if [ "$UNSTUCK_RESUME" = 1 ]; then echo went on; exit 0; fi',
    "echo page 3 > pages.txt",
    "exit 1",
  ];
  await op.makeJob("resumes", ["/bin/sh", "-c", script.join("\n")], { ...recovers, checkpoint: "pages.txt" });
  const first = await op.start("resumes");
  const second = await op.over((await successor("resumes")).id);
  expect(second).toMatchObject({
    state: "completed",
    trigger: "recovery",
    parentRunId: first.id,
    lineageId: first.lineageId,
  });
  expect(await op.log(second.id)).toContain("went on");
  await recoveryThat("resumes", "is over", ({ state, since }) => state === "idle" && since === null);
  expect(auditOf("resumes")).toEqual({ "recovery.planned": 1, "recovery.resumed": 1 });
  expect(await op.run(first.id)).toMatchObject({ unsettled: false });
});

test("D6 a run that was killed from outside is started again, and one that was stopped by hand is not", async () => {
  const first = await op.runningJob("killed", program("forever"), recovers);
  process.kill(first.pid, "SIGKILL");
  const second = await op.running((await successor("killed")).id);
  expect(await op.run(first.id)).toMatchObject({ state: "interrupted", cause: "killed_outside" });
  expect(await recoveryOf("killed")).toMatchObject({
    state: "idle",
    attempts: 1,
    restarted: 1,
    run: second.id,
  });
  await op.stop("killed");
  expect(await op.over(second.id)).toMatchObject({ state: "stopped" });
  await recoveryThat("killed", "is over", ({ since }) => since === null);
  expect(await op.runsOf("killed")).toHaveLength(2);
});

test("E13 while processes of the old run live without their launcher nothing is started", async () => {
  const first = await op.runningJob("unsupervised", program("forever"), recovers);
  process.kill(rowOf(server.dataDir, first.id).launcherPid, "SIGKILL");
  await until("it is seen to be without its launcher", async () =>
    (await op.events(first.id)).some(({ type }: Answer) => type === "unsupervised"),
  );
  expect(await recoveryOf("unsupervised")).toMatchObject({ state: "idle", run: null });
  expect(await op.runsOf("unsupervised")).toHaveLength(1);
  process.kill(first.pid, "SIGKILL");
  await op.running((await successor("unsupervised")).id);
  expect(await op.run(first.id)).toMatchObject({ state: "interrupted" });
});

test("E13 while a process outside holds the pid file it waits and says so, without counting attempts", async () => {
  const fifo = makeFifo(join(op.cwd, "held.fifo"));
  await op.makeJob("held", program("exits-when-told", fifo), { ...recovers, pidFile: "held.pid" });
  const first = await op.running((await op.start("held")).id);
  await until("its pid file is written", async () => (await op.status("held")).pidFileDetected);
  const outside = startChild("sleep", ["3600"]);
  writeFileSync(join(op.cwd, "held.pid"), `${outside.pid}\n`);
  await tell(fifo, 1);
  const waits = await recoveryThat("held", "waits", ({ reason }) => /^Waits: /.test(reason ?? ""));
  expect(waits).toMatchObject({ state: "waiting", attempts: 0, run: first.id });
  expect(waits.reason).toContain(String(outside.pid));
  await endChild(outside);
  await op.running((await successor("held")).id);
  expect(await op.runsOf("held")).toHaveLength(2);
  expect(await recoveryOf("held")).toMatchObject({ attempts: 1 });
});

test("E13 a program that is gone counts as an attempt each time, and is given up", async () => {
  const tool = join(op.cwd, "tool");
  writeFileSync(tool, "#!/bin/sh\nrm -f tool\nexit 1\n", { mode: 0o755 });
  await op.makeJob("gone", [tool], recovers);
  await op.start("gone");
  const recovery = await recoveryThat("gone", "gave up", ({ state }) => state === "gave_up");
  expect(recovery).toMatchObject({ attempts: 5, restarted: 0 });
  expect(await op.runsOf("gone")).toHaveLength(1);
});

test("E13 nothing is recovered where that is off, and switching it on does not reach back", async () => {
  await op.makeJob("off", program("exits-with", 1));
  const { id } = await op.start("off");
  await op.over(id);
  expect(await recoveryOf("off")).toMatchObject({ enabled: false, state: "idle", run: null });
  await op.call("PATCH", "/api/v1/jobs/off", 200, { version: 1, autoRecover: true });
  const recovery = await recoveryOf("off");
  expect(recovery).toMatchObject({ enabled: true, state: "stopped", run: id, attempts: 0 });
  expect(recovery.reason).toContain("before automatic recovery was switched on");
  expect(await op.runsOf("off")).toHaveLength(1);
  await op.call("PATCH", "/api/v1/jobs/off", 200, { version: 2, autoRecover: false });
  const refused = await op.call("POST", "/api/v1/jobs/off/recovery/retry", 409);
  expect(refused.code).toBe("NOTHING_TO_RESUME");
  await op.call("GET", "/api/v1/jobs/nobody/recovery", 404);
});
