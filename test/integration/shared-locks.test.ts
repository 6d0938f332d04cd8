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

test("a run needs all its locks or holds none: who waits for two does not keep a third from the free one", async () => {
  await op.runningJob("has-a", program("forever"), { locks: ["a"] });
  await op.makeJob("wants-a-b", program("forever"), { locks: ["a", "b"] });
  const waiting = await op.start("wants-a-b");
  const free = await op.runningJob("wants-b", program("forever"), { locks: ["b"] });
  expect(free.state).toBe("running");
  expect(await op.run(waiting.id)).toMatchObject({ state: "queued" });
});
