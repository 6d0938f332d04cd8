import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

test("of two jobs with one lock the second waits, says for whom, and starts when the first has ended", async () => {
  const fifo = makeFifo(join(op.cwd, "first"));
  const first = await op.runningJob("first", program("exits-when-told", fifo), { locks: ["shop"] });
  await op.makeJob("second", program("forever"), { locks: ["shop"] });
  const { id } = await op.start("second");
  const waiting = await op.runThat(id, "waits", ({ waitingFor }) => waitingFor !== null);
  expect(waiting).toMatchObject({ state: "queued", pid: null, health: "healthy" });
  expect(waiting.waitingFor).toBe(`lock shop, held by ${first.id}`);
  expect(waiting.evidence).toContainEqual(
    expect.objectContaining({ fact: "waits for", value: waiting.waitingFor }),
  );
  expect(processesOfRun(id)).toEqual([]);
  await tell(fifo, 0);
  const second = await op.running(id);
  expect(second.waitingFor).toBeNull();
  expect(Date.parse(second.startedAt)).toBeGreaterThanOrEqual(Date.parse((await op.run(first.id)).endedAt));
});

test("a queued run that is stopped is over at once and takes nobody's turn", async () => {
  const holder = await op.runningJob("holder", program("forever"), { locks: ["one"] });
  await op.makeJob("gives-up", program("forever"), { locks: ["one"] });
  await op.makeJob("stays", program("forever"), { locks: ["one"] });
  const first = await op.start("gives-up");
  const second = await op.start("stays");
  const stopped = await op.stop("gives-up", { reason: "not today" });
  expect(stopped).toMatchObject({ id: first.id, state: "stopped", cause: "stop", startedAt: null });
  expect(stopped.endedAt).not.toBeNull();
  await op.stop("holder");
  await op.over(holder.id);
  await op.running(second.id);
  expect(await op.run(first.id)).toMatchObject({ state: "stopped", pid: null });
});

test("runs that wait for one lock get it one after the other, in the order they came", async () => {
  const jobs = ["turn-0", "turn-1", "turn-2", "turn-3"];
  const runs = [];
  for (const job of jobs) {
    await op.makeJob(job, program("exits-when-told", makeFifo(join(op.cwd, job))), { locks: ["turns"] });
    runs.push(await op.start(job));
  }
  for (const [index, run] of runs.entries()) {
    await op.running(run.id);
    for (const later of runs.slice(index + 1))
      expect(await op.run(later.id)).toMatchObject({ state: "queued" });
    await tell(join(op.cwd, jobs[index] ?? ""), 0);
    await op.over(run.id);
  }
});

test("who waits for two locks is not overtaken at the free one, and everybody has his turn in order", async () => {
  const fifo = makeFifo(join(op.cwd, "has-a"));
  const first = await op.runningJob("has-a", program("exits-when-told", fifo), { locks: ["a"] });
  await op.makeJob("wants-a-b", program("forever"), { locks: ["a", "b"] });
  const both = await op.start("wants-a-b");
  expect(both.waitingFor).toBe(`lock a, held by ${first.id}`);
  await op.makeJob("wants-b", program("forever"), { locks: ["b"] });
  const later = await op.start("wants-b");
  expect(later.waitingFor).toBe(`lock b, after ${both.id}`);
  await op.runningJob("wants-c", program("forever"), { locks: ["c"] });
  await tell(fifo, 0);
  await op.running(both.id);
  await op.runThat(
    later.id,
    "waits for the other",
    ({ waitingFor }) => waitingFor === `lock b, held by ${both.id}`,
  );
  await op.stop("wants-a-b", { graceMs: 0 });
  await op.running(later.id);
});

test("the higher priority goes first, and among equals who came first", async () => {
  const fifo = makeFifo(join(op.cwd, "priority-holder"));
  await op.runningJob("priority-holder", program("exits-when-told", fifo), { locks: ["p"] });
  const order = [];
  for (const [job, priority] of [
    ["late-1", 0],
    ["low", -5],
    ["high", 7],
    ["late-2", 0],
  ] as const) {
    const own = makeFifo(join(op.cwd, job));
    await op.makeJob(job, program("exits-when-told", own), { locks: ["p"], priority });
    const { id } = await op.start(job);
    order.push({ job, id, own });
  }
  const lock = (await op.call("GET", "/api/v1/locks?kind=shared", 200)).items.find(
    ({ name }: { name: string }) => name === "p",
  );
  expect(lock.waiting.map(({ job, priority }: { job: string; priority: number }) => [job, priority])).toEqual(
    [
      ["high", 7],
      ["late-1", 0],
      ["late-2", 0],
      ["low", -5],
    ],
  );
  await tell(fifo, 0);
  for (const job of ["high", "late-1", "late-2", "low"]) {
    const turn = order.find((one) => one.job === job);
    if (turn === undefined) throw new Error(job);
    await op.running(turn.id);
    await tell(turn.own, 0);
    await op.over(turn.id);
  }
});

test("the fences in a run's environment grow from run to run, one for its job and one for each shared lock", async () => {
  const environment = async (job: string) => {
    const { id } = await op.start(job);
    await op.over(id);
    const lines = String(await op.log(id)).split("\n");
    const value = (name: string) =>
      lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
    return { own: Number(value("UNSTUCK_FENCE")), shared: JSON.parse(value("UNSTUCK_FENCES")) };
  };
  await op.makeJob("fenced", program("prints-environment"), { locks: ["site", "disk"] });
  await op.makeJob("other", program("prints-environment"), { locks: ["site"] });
  await op.makeJob("alone", program("prints-environment"));
  expect(await environment("fenced")).toEqual({ own: 1, shared: { site: 1, disk: 1 } });
  expect(await environment("other")).toEqual({ own: 1, shared: { site: 2 } });
  expect(await environment("fenced")).toEqual({ own: 2, shared: { site: 3, disk: 2 } });
  expect(await environment("alone")).toEqual({ own: 1, shared: {} });
});
