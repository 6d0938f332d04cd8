import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { program } from "../programs";
import { type Answer, cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;
let pretend: (percent: number) => void;

beforeEach(async () => {
  const dataDir = newDataDir();
  const file = join(dataDir, "free-percent");
  // Renamed into place: a file caught half-written would be a disk without a free byte.
  pretend = (percent) => {
    writeFileSync(`${file}.new`, String(percent));
    renameSync(`${file}.new`, file);
  };
  pretend(50);
  server = await startServer({ dataDir, env: { UNSTUCK_TEST_DISK: file } });
  op = operator(server);
});
afterEach(async () => {
  pretend(50);
  await op.endAll();
});
afterAll(cleanUp);

/** Asks for starts that are refused at most: each makes the guard look, so that no test waits for its clock. */
async function untilState(state: string): Promise<void> {
  await until(`the disk is ${state}`, async () => {
    await server.api("POST", "/api/v1/jobs/nobody/start");
    return (await server.api("GET", "/health")).body.disk?.state === state;
  });
}

test("a queued run waits for room and says so, and starts by itself when there is some", async () => {
  await op.runningJob("holds", program("forever"), { locks: ["shared"] });
  await op.makeJob("waits", program("exits-with", 0), { locks: ["shared"] });
  const { id } = await op.start("waits");
  pretend(1.96);
  await untilState("full");
  await op.stop("holds");
  const waiting = await op.runThat(id, "waits for room", ({ waitingFor }) => /^free disk/.test(waitingFor));
  expect(waiting).toMatchObject({ state: "queued", waitingFor: "free disk space: 1.9 % free, needs 3 %" });
  pretend(2.5);
  await until(
    "it was looked at again",
    async () => (await server.api("GET", "/health")).body.disk.freePercent === 2.5,
  );
  expect((await op.run(id)).state).toBe("queued");
  pretend(3);
  expect(await op.over(id)).toMatchObject({ state: "completed", waitingFor: null });
  const waits = (await op.events(id)).filter(({ type }: Answer) => type === "waiting");
  expect(waits.map(({ data }: Answer) => data.for)).toEqual([
    expect.stringContaining("lock"),
    expect.stringContaining("free disk"),
  ]);
});

test("starts and restarts are refused with 507, and a refused restart leaves the run alone", async () => {
  const run = await op.runningJob("alive", program("forever"));
  await op.makeJob("new", program("exits-with", 0));
  pretend(0.5);
  await untilState("full");
  for (const path of ["new/start", "alive/restart", "new/restart"]) {
    const answer = await server.api("POST", `/api/v1/jobs/${path}`);
    expect(answer, path).toMatchObject({
      status: 507,
      body: { code: "DISK_FULL", details: { freePercent: 0.5, neededPercent: 3 } },
    });
  }
  expect(await op.run(run.id)).toMatchObject({ state: "running", pid: run.pid });
  await op.stop("alive");
  expect(await op.over(run.id)).toMatchObject({ state: "stopped" });
});

test("a restart whose run has ended before the disk filled up starts its successor when there is room", async () => {
  const release = join(op.cwd, "release");
  await op.makeJob("successor", program("ends-slowly", release), { timeouts: { stopGraceMs: 3_600_000 } });
  const run = await op.startReady("successor");
  await op.restart("successor", { delayMs: 0 });
  pretend(1);
  await untilState("full");
  writeFileSync(release, "");
  await op.over(run.id);
  const next = await until("its successor waits", async () => {
    const [newest] = await op.runsOf("successor");
    return newest.id !== run.id && /^free disk/.test(newest.waitingFor) && newest;
  });
  pretend(60);
  await op.running(next.id);
});

test("the log tells of each change once, and health stays 200", async () => {
  const told = (event: string) => server.output().split(`"msg":"${event}"`).length - 1;
  for (const [percent, state] of [
    [9, "low"],
    [1, "full"],
    [50, "ok"],
  ] as const) {
    pretend(percent);
    await untilState(state);
    expect((await server.api("GET", "/health")).status).toBe(200);
  }
  expect([told("disk.low"), told("disk.full"), told("disk.ok")]).toEqual([1, 1, 1]);
});
