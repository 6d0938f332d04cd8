import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, expect, test } from "vitest";
import { operator } from "../operator";
import { isRunning, processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, startServer } from "../server";
import { until } from "../until";

afterAll(cleanUp);

test("B2 C7 SIGTERM ends the dashboard with 0, runs go on, and the next start finds them by their process", async () => {
  const first = await startServer();
  const before = operator(first);
  const run = await before.runningJob("survivor", program("forever"));
  expect(await first.stop()).toBe(0);
  expect(isRunning(run.pid)).toBe(true);
  const next = await startServer({ dataDir: first.dataDir });
  const after = operator(next);
  expect(await after.run(run.id)).toMatchObject({ state: "running", pid: run.pid, startedAt: run.startedAt });
  expect(await next.api("POST", "/api/v1/jobs/survivor/start")).toMatchObject({ status: 409 });
  await after.stop("survivor");
  expect(await after.over(run.id)).toMatchObject({ state: "stopped", signal: "SIGTERM" });
  expect(await next.stop()).toBe(0);
});

test("A3 B3 runs that end while the dashboard is away get their true outcome, time and log", async () => {
  const first = await startServer();
  const before = operator(first);
  const ends = { "ends-0": "0", "ends-3": "3", "ends-by-signal": "SEGV", "ends-by-kill": "KILL" };
  const runs: Answer[] = [];
  const journal = join(before.cwd, "journal");
  for (const job of Object.keys(ends))
    runs.push(
      await before.runningJob(job, program("enters-journal", journal, makeFifo(join(before.cwd, job)))),
    );
  await first.kill();
  for (const [job, end] of Object.entries(ends)) await tell(join(before.cwd, job), end);
  await until("all have ended", () => runs.every(({ id }) => processesOfRun(id).length === 0));
  const backAt = Date.now();
  const next = await startServer({ dataDir: first.dataDir });
  const after = operator(next);
  const ended = [];
  for (const { id } of runs) ended.push(await after.over(id));
  expect(ended).toMatchObject([
    { state: "completed", exitCode: 0 },
    { state: "failed", exitCode: 3, cause: "exit" },
    { state: "failed", signal: "SIGSEGV", cause: "crashed" },
    { state: "interrupted", signal: "SIGKILL", cause: "killed_outside" },
  ]);
  for (const run of ended) {
    expect(Date.parse(run.endedAt)).toBeLessThanOrEqual(backAt);
    expect(String(await after.log(run.id)).endsWith("last line\n")).toBe(true);
    expect((await after.start(run.job)).state).toBe("queued");
  }
  await after.endAll();
  expect(await next.stop()).toBe(0);
});

test("a stop under way when the dashboard ends is a stop still, also when the program obeys in between", async () => {
  const first = await startServer();
  const before = operator(first);
  const release = join(before.cwd, "release");
  await before.makeJob("obeys-late", program("ends-slowly", release), {
    timeouts: { stopGraceMs: 3_600_000 },
  });
  await before.makeJob("deaf", program("ignores-term"), { timeouts: { stopGraceMs: 3_600_000 } });
  // To Scrapy a second SIGINT means "at once", and its queue is lost.
  const scrapy = join(before.cwd, "scrapy");
  const crawling = `trap 'echo asked' INT; echo ready; while [ ! -e "${release}" ]; do sleep 0.1; done`;
  writeFileSync(scrapy, `#!/bin/sh\n${crawling}\n`, { mode: 0o755 });
  await before.makeJob("crawls", [scrapy, "crawl", "shop"], { kind: "scrapy" });
  const obeys = await before.startReady("obeys-late");
  const deaf = await before.startReady("deaf");
  const crawls = await before.startReady("crawls");
  for (const job of ["obeys-late", "deaf", "crawls"]) {
    const { id } = await before.stop(job, { reason: "closing" });
    await until("it has been signalled", async () =>
      (await before.events(id)).some(({ type }: { type: string }) => type === "signal_sent"),
    );
  }
  // A signal is written down before it is sent.
  for (const { id } of [obeys, crawls])
    await until("it has heard it", async () => String(await before.log(id)).includes("asked"));
  await first.kill();
  const between = await startServer({ dataDir: first.dataDir });
  for (const job of ["crawls", "deaf"]) await between.api("POST", `/api/v1/jobs/${job}/stop`);
  expect(await operator(between).run(crawls.id)).toMatchObject({ state: "stopping", cause: "stop" });
  await between.kill();
  makeFifo(release);
  await until("those that obey have", () =>
    [obeys, crawls].every(({ id }) => processesOfRun(id).length === 0),
  );
  const next = await startServer({ dataDir: first.dataDir });
  const after = operator(next);
  expect(await after.over(obeys.id)).toMatchObject({ state: "stopped", cause: "stop", exitCode: 0 });
  expect((await after.run(obeys.id)).reason).toContain("closing");
  expect(await after.run(deaf.id)).toMatchObject({ state: "stopping", cause: "stop" });
  await after.stop("deaf", { force: true });
  expect(await after.over(deaf.id)).toMatchObject({ state: "stopped", cause: "stop" });
  expect(await after.over(crawls.id)).toMatchObject({ state: "stopped", cause: "stop" });
  // None of three dashboards has asked twice, whoever repeated the stop.
  expect(String(await after.log(crawls.id)).match(/asked/g)).toHaveLength(1);
  const signals = async (id: string) =>
    (await after.events(id))
      .filter(({ type }: Answer) => type === "signal_sent")
      .map(({ data }: Answer) => data.signal);
  expect(await signals(crawls.id)).toEqual(["SIGINT"]);
  expect(await signals(deaf.id)).toEqual(["SIGTERM", "SIGKILL"]);
  expect(await next.stop()).toBe(0);
});

test("a program that dies of our SIGTERM while the dashboard is away was stopped, not killed by a stranger", async () => {
  const first = await startServer();
  const before = operator(first);
  const release = join(before.cwd, "die");
  // Takes its time over SIGTERM, and dies of it all the same.
  const dying = `trap 'while [ ! -e "$0" ]; do sleep 0.05; done; trap - TERM; kill -TERM $$' TERM
    echo ready; while :; do sleep 0.1; done`;
  await before.makeJob("dies-later", ["sh", "-c", dying, release], {
    timeouts: { stopGraceMs: 3_600_000 },
  });
  const launched = await before.startReady("dies-later");
  await before.stop("dies-later");
  await until("SIGTERM was sent", async () =>
    (await before.events(launched.id)).some(({ type }: { type: string }) => type === "signal_sent"),
  );
  await first.kill();
  writeFileSync(release, "");
  await until("nobody of it is left", () => processesOfRun(launched.id).length === 0);
  const next = await startServer({ dataDir: first.dataDir });
  const after = operator(next);
  expect(await after.over(launched.id)).toMatchObject({ state: "stopped", cause: "stop", signal: "SIGTERM" });
  expect(await next.stop()).toBe(0);
});

test("B9 a restart that is under way when the dashboard is killed is finished by the next one", async () => {
  const first = await startServer();
  const before = operator(first);
  const release = join(before.cwd, "let-go");
  const waiting = await before.runningJob("waits-its-delay", program("forever"));
  await before.makeJob("still-ending", program("ends-slowly", release), {
    timeouts: { stopGraceMs: 3_600_000 },
  });
  const ending = await before.startReady("still-ending");
  await before.restart("waits-its-delay", { delayMs: 3_000 });
  await before.restart("still-ending", { delayMs: 0 });
  await before.over(waiting.id);
  await first.kill();
  makeFifo(release);
  const next = await startServer({ dataDir: first.dataDir });
  const after = operator(next);
  for (const [job, old] of [
    ["waits-its-delay", waiting],
    ["still-ending", ending],
  ] as const) {
    await until(`${job} has its successor`, async () => {
      const [newest] = await after.runsOf(job);
      return newest.id !== old.id && newest.state === "running";
    });
    expect(await after.run(old.id)).toMatchObject({ state: "stopped", cause: "restart" });
    expect(await after.runsOf(job)).toHaveLength(2);
  }
  await after.endAll();
  expect(await next.stop()).toBe(0);
});

test("a queued run waits on over a restart of the dashboard and starts when its lock is free", async () => {
  const first = await startServer();
  const before = operator(first);
  const fifo = makeFifo(join(before.cwd, "holder"));
  const holder = await before.runningJob("holder", program("exits-when-told", fifo), { locks: ["site"] });
  await before.makeJob("waiter", program("forever"), { locks: ["site"] });
  const waiter = await before.start("waiter");
  await first.kill();
  const next = await startServer({ dataDir: first.dataDir });
  const after = operator(next);
  expect(await after.run(waiter.id)).toMatchObject({
    state: "queued",
    waitingFor: expect.stringContaining(holder.id),
  });
  await tell(fifo, 0);
  await after.running(waiter.id);
  expect(await after.run(holder.id)).toMatchObject({ state: "completed", exitCode: 0 });
  await after.endAll();
  expect(await next.stop()).toBe(0);
});

/** A start that waits for a database another program writes into, and a dashboard that is asked to end meanwhile. */
async function startMeanwhile() {
  const server = await startServer();
  const op = operator(server);
  await op.makeJob("asked", program("forever"));
  const writer = new Database(join(server.dataDir, "unstuck.db"));
  writer.exec("BEGIN IMMEDIATE");
  const answer = server.api("POST", "/api/v1/jobs/asked/start");
  for (let count = 0; count < 20; count += 1) await server.api("GET", "/health");
  const ended = server.stop();
  await until("it is ending", () => server.output().includes("Stopping the dashboard"));
  return { server, answer, ended, letGo: () => writer.close() };
}

test("what was asked before the dashboard is told to end is answered first", async () => {
  const { server, answer, ended, letGo } = await startMeanwhile();
  letGo();
  const { status, body } = await answer;
  expect(status).toBe(202);
  expect(await ended).toBe(0);
  const next = await startServer({ dataDir: server.dataDir });
  const after = operator(next);
  expect(await after.running(body.run.id)).toMatchObject({ job: "asked" });
  await after.endAll();
  expect(await next.stop()).toBe(0);
});

test("what takes longer than the dashboard has is told that it was cut off, and is not taken for a bug", async () => {
  const { answer, ended, letGo } = await startMeanwhile();
  expect(await answer).toMatchObject({ status: 503, body: { code: "CUT_OFF" } });
  letGo();
  expect(await ended).toBe(0);
});
