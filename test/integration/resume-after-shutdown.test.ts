import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { inDatabase, rowOf } from "../doctored";
import { operator } from "../operator";
import { program } from "../programs";
import { type Answer, cleanUp, failingStart, startServer, type TestServer } from "../server";
import { until } from "../until";

afterAll(cleanUp);

const STOP = { UNSTUCK_ON_SHUTDOWN: "stop" };

/** Makes jobs with a running run each, some of which want to go on after a shutdown, and shuts down. */
async function shutDown(jobs: Readonly<Record<string, { resumes: boolean; checkpoint?: string }>>) {
  const server = await startServer({ env: STOP });
  const op = operator(server);
  const runs: Record<string, Answer> = {};
  for (const [job, { checkpoint }] of Object.entries(jobs)) {
    if (checkpoint !== undefined) writeFileSync(join(op.cwd, checkpoint), "page 40\n");
    runs[job] = await op.runningJob(job, program("forever"), checkpoint === undefined ? {} : { checkpoint });
  }
  for (const [job, { resumes }] of Object.entries(jobs)) if (resumes) wantToGoOn(server, job);
  expect(await server.stop()).toBe(0);
  return { dataDir: server.dataDir, runs };
}

function wantToGoOn({ dataDir }: TestServer, job: string): void {
  inDatabase(dataDir, (database) =>
    database.prepare('UPDATE "Job" SET "resumeAfterShutdown" = 1 WHERE "id" = ?').run(job),
  );
}

/** The dashboard is up before it has gone on with what the last one ended. */
async function successorOf(op: ReturnType<typeof operator>, job: string, ended: Answer): Promise<Answer> {
  await until(`${job} is gone on with`, async () => (await newestOf(op, job)).id !== ended.id);
  return op.running((await newestOf(op, job)).id);
}

async function newestOf(op: ReturnType<typeof operator>, job: string): Promise<Answer> {
  return (await op.runsOf(job))[0];
}

test("B8 the next start goes on with runs that a shutdown ended, where the job says so, and only there", async () => {
  const { dataDir, runs } = await shutDown({
    "goes-on": { resumes: true, checkpoint: "checkpoint" },
    "begins-anew": { resumes: true },
    "stays-down": { resumes: false },
  });
  const next = await startServer({ dataDir, env: STOP });
  const after = operator(next);
  const goesOn = await successorOf(after, "goes-on", runs["goes-on"]);
  expect(goesOn).toMatchObject({
    trigger: "resume",
    parentRunId: runs["goes-on"].id,
    actor: "system",
  });
  const anew = await successorOf(after, "begins-anew", runs["begins-anew"]);
  expect(anew).toMatchObject({ trigger: "resume", parentRunId: null });
  expect((await newestOf(after, "stays-down")).id).toBe(runs["stays-down"].id);
  expect((await after.events(runs["goes-on"].id)).at(-1)).toMatchObject({
    type: "resumed",
    data: { runId: goesOn.id },
  });
  await after.endAll();
  expect(await next.stop()).toBe(0);
  // Once: they were stopped by hand since.
  const last = await startServer({ dataDir, env: STOP });
  const then = operator(last);
  expect(await then.runsOf("goes-on")).toHaveLength(2);
  expect(await then.runsOf("begins-anew")).toHaveLength(2);
  expect(await last.stop()).toBe(0);
});

test("B8 a job that was disabled meanwhile is not gone on with", async () => {
  const { dataDir, runs } = await shutDown({ disabled: { resumes: true } });
  inDatabase(dataDir, (database) => database.exec('UPDATE "Job" SET "enabled" = 0'));
  const next = await startServer({ dataDir });
  const after = operator(next);
  expect(await after.runsOf("disabled")).toMatchObject([{ id: runs.disabled.id, state: "interrupted" }]);
  expect(await next.stop()).toBe(0);
});

test("B8 B6 killed while it goes on with its runs, the next start leaves each with one successor", async () => {
  const names = Array.from({ length: 6 }, (_, index) => `job-${index}`);
  const { dataDir, runs } = await shutDown(
    Object.fromEntries(names.map((name) => [name, { resumes: true }])),
  );
  for (const fault of ["after-claim:1", "after-spawn:2"])
    expect((await failingStart({ dataDir, env: { UNSTUCK_FAULT: fault } })).code).toBeNull();
  const next = await startServer({ dataDir });
  const after = operator(next);
  for (const name of names) {
    await until(`${name} is gone on with`, async () => (await newestOf(after, name)).id !== runs[name].id);
    const all = await after.runsOf(name);
    expect(all).toHaveLength(2);
    expect(all[1].id).toBe(runs[name].id);
  }
  await after.endAll();
  expect(await next.stop()).toBe(0);
});

test("B8 a stop during the shutdown calls it off", async () => {
  const server = await startServer({ env: { ...STOP, UNSTUCK_SHUTDOWN_BUDGET_MS: "600000" } });
  const op = operator(server);
  await op.makeJob("deaf", program("ignores-term"), { timeouts: { stopGraceMs: 3_600_000 } });
  const { id } = await op.startReady("deaf");
  wantToGoOn(server, "deaf");
  process.kill(server.pid, "SIGTERM");
  await op.runThat(id, "is stopping", ({ state }) => state === "stopping");
  await op.stop("deaf", { force: true });
  expect(await server.gone).toBe(0);
  expect(rowOf(server.dataDir, id)).toMatchObject({ state: "interrupted", cause: "shutdown" });
  const next = await startServer({ dataDir: server.dataDir });
  const after = operator(next);
  expect(await after.runsOf("deaf")).toHaveLength(1);
  expect((await after.events(id)).map(({ type }: { type: string }) => type)).toContain("resume_cancelled");
  expect(await next.stop()).toBe(0);
});

test("B9 a restart waits the delay that is configured", async () => {
  const server = await startServer({ env: { UNSTUCK_RESTART_DELAY_MS: "3600000" } });
  const op = operator(server);
  const { id } = await op.runningJob("waits", program("forever"));
  await op.restart("waits");
  await op.over(id);
  const asked = (await op.events(id)).find(({ type }: { type: string }) => type === "restart_requested");
  expect(asked.data).toEqual({ delayMs: 3_600_000, by: "operator" });
  expect(await op.runsOf("waits")).toHaveLength(1);
  await op.stop("waits");
  await op.restart("waits", { delayMs: 0 });
  await op.runThat((await newestOf(op, "waits")).id, "runs", ({ state }) => state === "running");
  await op.endAll();
  expect(await server.stop()).toBe(0);
});
