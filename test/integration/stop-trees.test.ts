import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isOver, type Operator, operator } from "../operator";
import { isRunning, processesOfRun, stateOf } from "../processes";
import { type Program, program } from "../programs";
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

const GRACE_MS = 700;

/**
 * Follows a stop to its end, with the API and /proc side by side.
 * @returns the run; fails when the API calls it over while one of its processes lives
 */
async function stopAndWatch(job: string, body: unknown): Promise<Answer> {
  const { id } = await op.stop(job, body);
  return until(`${id} is over`, async () => {
    const run = await op.run(id);
    if (isOver(run)) expect(processesOfRun(id), `alive although ${run.state}`).toEqual([]);
    return isOver(run) ? run : null;
  });
}

const TREES = [
  ["ignores-term", "a program that ignores SIGTERM", 1],
  ["forks-setsid-grandchild", "a grandchild in a session of its own that ignores SIGTERM", 3],
  ["double-forks", "a daemon whose parent is init", 3],
  ["keeps-forking", "a tree that forks all the time", 2],
  ["stops-itself", "a program that stands still", 1],
] as const satisfies readonly (readonly [Program, string, number])[];

describe("C3 a run is stopped only when nothing of its tree is left", () => {
  for (const [behaviour, what, least] of TREES) {
    for (const body of [{ graceMs: GRACE_MS }, { force: true }]) {
      test(`${what}, ${"force" in body ? "ended by force" : "asked first"}`, async () => {
        const job = `${behaviour}-${"force" in body ? "force" : "asked"}`;
        await op.makeJob(job, program(behaviour));
        const { id } = await op.startReady(job);
        // The launcher is one of them.
        await until("the tree has grown", () => processesOfRun(id).length > least);
        const run = await stopAndWatch(job, body);
        expect(run).toMatchObject({ state: "stopped", cause: "stop" });
      });
    }
  }
});

test("a program without any variable is known by its session and stopped", async () => {
  await op.makeJob("bare", program("clears-environment"));
  const run = await op.startReady("bare");
  await until("it has no marker left", () => processesOfRun(run.id).every(({ pid }) => pid !== run.pid));
  await stopAndWatch("bare", { graceMs: GRACE_MS });
  expect(isRunning(run.pid)).toBe(false);
});

test("a program that stands still gets SIGTERM and is woken for it", async () => {
  await op.makeJob("woken", program("stops-itself"));
  const { id, pid } = await op.startReady("woken");
  await until("it stands still", () => stateOf(pid) === "T");
  expect(await op.run(id)).toMatchObject({ state: "running" });
  const run = await stopAndWatch("woken", { graceMs: 60_000 });
  expect(run).toMatchObject({ state: "stopped", signal: "SIGTERM" });
});

test("a program that ends well when asked is stopped with its own exit code, and not before it has ended", async () => {
  const release = join(op.cwd, "ends-well");
  await op.makeJob("ends-well", program("ends-slowly", release), { timeouts: { stopGraceMs: 60_000 } });
  const { id, pid } = await op.startReady("ends-well");
  expect(await op.stop("ends-well", { reason: "enough" })).toMatchObject({
    state: "stopping",
    cause: "stop",
  });
  expect(await op.status("ends-well")).toMatchObject({ running: true, state: "RUNNING", pid });
  expect(isRunning(pid)).toBe(true);
  mkdirSync(release);
  expect(await op.over(id)).toMatchObject({
    state: "stopped",
    exitCode: 0,
    reason: expect.stringContaining("enough"),
  });
});

test("a second stop shortens the wait and never lengthens it; whose wish it was stays with the first", async () => {
  await op.makeJob("twice", program("ignores-term"), { timeouts: { stopGraceMs: 3_600_000 } });
  const { id } = await op.startReady("twice");
  const first = await op.stop("twice", { reason: "gently" });
  expect(await op.stop("twice", { graceMs: 7_200_000, reason: "longer" })).toMatchObject({
    state: "stopping",
    version: first.version,
  });
  const run = await stopAndWatch("twice", { force: true, reason: "now" });
  expect(run).toMatchObject({ id, state: "stopped", cause: "stop", signal: "SIGKILL" });
  expect(run.reason).toContain("gently");
});

test("a start during a stop is refused, and succeeds once the tree is gone", async () => {
  await op.makeJob("eager", program("ignores-term"));
  const { id } = await op.startReady("eager");
  await op.stop("eager", { graceMs: GRACE_MS });
  await until("a start is accepted", async () => {
    const answer = await server.api("POST", "/api/v1/jobs/eager/start");
    if (answer.status === 202) expect(processesOfRun(id)).toEqual([]);
    else
      expect(answer).toMatchObject({
        status: 409,
        body: { code: "RUN_ALREADY_ACTIVE", details: { runId: id } },
      });
    return answer.status === 202;
  });
  expect(await op.run(id)).toMatchObject({ state: "stopped" });
});

test("stop of one run leaves another run of the same program alone", async () => {
  await op.makeJob("victim", program("forks-setsid-grandchild"));
  await op.makeJob("neighbour", program("forks-setsid-grandchild"));
  const victim = await op.startReady("victim");
  const neighbour = await op.startReady("neighbour");
  await until("both trees have grown", () =>
    [victim, neighbour].every(({ id }) => processesOfRun(id).length === 5),
  );
  await op.stop("victim", { force: true });
  await op.over(victim.id);
  expect(processesOfRun(neighbour.id)).toHaveLength(5);
  expect(await op.run(neighbour.id)).toMatchObject({ state: "running" });
});
