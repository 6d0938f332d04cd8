import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { kill, processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const release = (name: string, body: unknown) =>
  server.api("POST", `/api/v1/locks/${encodeURIComponent(name)}/release`, body);
const locks = async (kind: string): Promise<Answer[]> =>
  (await op.call("GET", `/api/v1/locks?kind=${kind}`, 200)).items;
const lockNamed = async (name: string, kind = "shared"): Promise<Answer> =>
  (await locks(kind)).find((lock) => lock.name === name);

test("a lock is listed with its holder, its fence and who waits for it", async () => {
  const holder = await op.runningJob("holder", program("forever"), { locks: ["shop/eu"] });
  await op.makeJob("waits", program("forever"), { locks: ["shop/eu"], priority: 3 });
  const waiting = await op.start("waits");
  expect(await lockNamed("shop/eu")).toEqual({
    name: "shop/eu",
    kind: "shared",
    fence: 1,
    acquiredAt: expect.any(String),
    holder: { run: holder.id, job: "holder", state: "running", pid: holder.pid },
    waiting: [
      {
        run: waiting.id,
        job: "waits",
        priority: 3,
        queuedAt: waiting.queuedAt,
        waitingFor: `lock shop/eu, held by ${holder.id}`,
      },
    ],
    waitingCount: 1,
  });
  expect(await lockNamed("job:holder", "own")).toMatchObject({
    kind: "own",
    holder: { run: holder.id },
    waiting: [],
  });
  expect((await op.call("GET", "/api/v1/locks?limit=1", 200)).nextCursor).toBe("job:holder");
});

test("a lock of a live run is not released without force, and the refusal names its pid and what to do", async () => {
  const run = await op.runningJob("alive", program("forever"), { locks: ["yahoo"] });
  const answer = await release("yahoo", { reason: "it looks dead" });
  expect(answer).toMatchObject({
    status: 409,
    body: { code: "LOCK_HELD", details: { lock: "yahoo", runId: run.id, job: "alive", forcible: true } },
  });
  expect(answer.body.details.pids).toContain(run.pid);
  expect(answer.body.detail).toMatch(/Stop that run, or repeat with force/);
  expect(await op.run(run.id)).toMatchObject({ state: "running" });
  expect(await lockNamed("yahoo")).toMatchObject({ holder: { run: run.id } });
});

test("by force it is taken from a live run: that one goes on without it, the next starts at a higher fence", async () => {
  const fifo = makeFifo(join(op.cwd, "robbed"));
  const robbed = await op.runningJob("robbed", program("exits-when-told", fifo), { locks: ["site"] });
  await op.makeJob("next", program("prints-environment"), { locks: ["site"] });
  const next = await op.start("next");
  const answer = await release("site", { reason: "it only sleeps", force: true });
  expect(answer).toMatchObject({ status: 200, body: { outcome: "taken_away", run: robbed.id } });
  await op.over(next.id);
  expect(String(await op.log(next.id))).toContain('UNSTUCK_FENCES={"site":3}');
  expect(await op.run(robbed.id)).toMatchObject({ state: "running", pid: robbed.pid });
  expect(await op.events(robbed.id)).toContainEqual(
    expect.objectContaining({
      type: "lock_taken_away",
      data: { lock: "site", fence: 1, by: "operator", reason: "it only sleeps" },
    }),
  );
  expect(await lockNamed("job:robbed", "own"), "it keeps its own").toMatchObject({
    holder: { run: robbed.id },
  });
  await tell(fifo, 0);
  expect(await op.over(robbed.id)).toMatchObject({ state: "completed" });
});

test("D1 a job's own lock is never taken from a live run, not even by force: it would run twice", async () => {
  const run = await op.runningJob("single", program("forever"));
  const answer = await release("job:single", { reason: "again", force: true });
  expect(answer).toMatchObject({ status: 409, body: { code: "LOCK_HELD", details: { forcible: false } } });
  expect(answer.body.detail).toMatch(/Stop the run, or reset the job/);
  expect(await server.api("POST", "/api/v1/jobs/single/start")).toMatchObject({ status: 409 });
  expect(processesOfRun(run.id).length).toBeGreaterThan(0);
});

test("a lock whose holder is gone is released by telling the truth about that run", async () => {
  const run = await op.runningJob("dies", program("forever"), { locks: ["left"] });
  // A new dashboard is not the parent of the launcher, so nobody tells it at once.
  await server.kill();
  server = await startServer({ dataDir: server.dataDir });
  op = operator(server);
  for (const { pid } of processesOfRun(run.id)) kill(pid, "SIGKILL");
  await until("all of it is gone", () => processesOfRun(run.id).length === 0);
  const answer = await release("left", { reason: "its process was killed" });
  expect(answer.status).toBe(200);
  expect(["holder_gone", "already_free"]).toContain(answer.body.outcome);
  expect(await op.run(run.id)).toMatchObject({ state: "interrupted", cause: "launcher_killed" });
  expect(await lockNamed("left")).toBeUndefined();
  expect(await release("left", { reason: "again" })).toMatchObject({
    status: 200,
    body: { outcome: "already_free" },
  });
});

test("a lock nobody ever held, a missing reason and an unknown field are refused", async () => {
  await op.runningJob("some", program("forever"), { locks: ["known"] });
  expect(await release("unknown", { reason: "x" })).toMatchObject({
    status: 404,
    body: { code: "LOCK_NOT_FOUND" },
  });
  for (const body of [{}, { reason: " " }, { reason: "x", forced: true }])
    expect(await release("known", body)).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
});
