import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { unstuck } from "../cli";
import { type Operator, operator } from "../operator";
import { program } from "../programs";
import { type Answer, cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

const HOUR = 3_600_000;
/** Several starts and stops one after the other, on a machine that may be busy. */
vi.setConfig({ testTimeout: 300_000 });

let server: TestServer;
let op: Operator;

afterEach(() => op.endAll());
afterAll(cleanUp);

/** A dashboard whose wall clock the test sets, as an operator, a time server or summer time does. */
async function withClock() {
  const dataDir = newDataDir();
  const clock = join(dataDir, "clock");
  const step = (ms: number) => writeFileSync(clock, String(ms));
  step(0);
  const env = { UNSTUCK_TEST_CLOCK: clock };
  const start = async () => {
    server = await startServer({ dataDir, env });
    op = operator(server);
  };
  await start();
  const again = async () => {
    await server.kill();
    await start();
  };
  return { step, again };
}

const chatty = ["/bin/sh", "-c", "while :; do echo busy; sleep 0.5; done"];
const mute = ["/bin/sleep", "600"];
const TIMEOUTS = {
  silenceMs: 20 * 60_000,
  maxDurationMs: 30 * 60_000,
  startMs: 10_000,
  stopGraceMs: 600_000,
};

async function runs() {
  const talks = await op.runningJob("talks", chatty, { timeouts: TIMEOUTS });
  const quiet = await op.runningJob("quiet", mute, { timeouts: TIMEOUTS });
  await op.makeJob("stubborn", program("ignores-term"), { timeouts: TIMEOUTS });
  const stubborn = await op.startReady("stubborn");
  await op.stop("stubborn");
  await until("it was asked to end", async () =>
    (await op.events(stubborn.id)).some(({ type }: Answer) => type === "signal_sent"),
  );
  return { talks, quiet, stubborn };
}

/** Looked at by the supervisor at least once more: a younger run of a limit of its own has been judged after all others. */
async function judged(name: string) {
  const witness = await op.runningJob(name, chatty, { timeouts: { maxDurationMs: 1_000 } });
  expect(await op.over(witness.id)).toMatchObject({ state: "timed_out", cause: "max_duration" });
}

async function expectUntouched({ talks, quiet, stubborn }: Record<string, Answer>) {
  for (const { id } of [talks, quiet]) {
    expect(await op.run(id)).toMatchObject({ state: "running", health: "healthy" });
  }
  expect(await op.run(stubborn.id)).toMatchObject({ state: "stopping", health: "healthy" });
  // An hour off would be tens of minutes: how long a busy machine lets nobody speak does not matter.
  const since = (fact: Answer) => fact.fact === "last sign of life";
  expect((await op.run(talks.id)).evidence.find(since).value).toMatch(/^\d+ m?s ago$/);
}

test("a wall clock that jumps an hour ahead and back ends nothing and revives nothing", async () => {
  const { step } = await withClock();
  const all = await runs();
  for (const [name, ms] of [
    ["ahead", HOUR],
    ["back", -HOUR],
    ["right", 0],
  ] as const) {
    step(ms);
    await judged(name);
    await expectUntouched(all);
  }
});

test("a wall clock that is an hour off when the dashboard comes back ends nothing and revives nothing", async () => {
  const { step, again } = await withClock();
  const all = await runs();
  for (const [name, ms] of [
    ["ahead", HOUR],
    ["back", -HOUR],
  ] as const) {
    step(ms);
    await again();
    await judged(name);
    await op.runThat(all.talks.id, "has spoken again", ({ evidence }) =>
      evidence.some(({ fact }: Answer) => fact === "the last sign was"),
    );
    await expectUntouched(all);
  }
});

test("CR-6.7 after the clock was set back the newest run is still the newest, for lists, the log and a restarted dashboard", async () => {
  const { step, again } = await withClock();
  await op.makeJob("says", ["/bin/sh", "-c", "echo $UNSTUCK_RUN_ID"]);
  const ids: string[] = [];
  const another = async () => {
    const { id } = await op.start("says");
    await op.over(id);
    ids.unshift(id);
    expect((await op.runsOf("says")).map((run: Answer) => run.id)).toEqual(ids);
    const log = unstuck(server, ["log", "says"], { cwd: op.cwd });
    await log.ended;
    expect(log.out()).toBe(`${id}\n`);
  };
  step(HOUR);
  await another();
  const plan = await op.call("POST", "/api/v1/cleanup/plans", 201, {});
  step(-HOUR);
  await another();
  await again();
  await another();
  const later = await op.call("POST", "/api/v1/cleanup/plans", 201, {});
  expect(later.id > plan.id).toBe(true);
  step(2 * HOUR);
  await another();
});
