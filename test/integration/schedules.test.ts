import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { type Answer, cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

/** With seconds, so that nobody has to wait for a minute. */
const EVERY_SECOND = { by: "cron", expression: "* * * * * *" };

let server: TestServer;
let op: Operator;
beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(async () => {
  for (const { id, job } of (await op.call("GET", "/api/v1/schedules", 200)).items)
    await op.call("DELETE", `/api/v1/jobs/${job}/schedules/${id}`, 204);
  await op.endAll();
});
afterAll(cleanUp);

const schedule = (job: string, body: Record<string, unknown>, at = op) =>
  at.call("POST", `/api/v1/jobs/${job}/schedules`, 201, { timezone: "UTC", ...body });
const slotsOf = async (job: string, id: string, at = op): Promise<Answer[]> =>
  (await at.call("GET", `/api/v1/jobs/${job}/schedules/${id}/slots?limit=200`, 200)).items;

test("a schedule starts its job at its times, each one run, in the schedule's name", async () => {
  await op.makeJob("ticks", ["true"]);
  const { id, next } = await schedule("ticks", { when: EVERY_SECOND });
  expect(next).toMatchObject({ offset: "+00:00", words: null });
  await until(
    "three have started",
    async () => (await slotsOf("ticks", id)).filter(({ state }) => state === "started").length >= 3,
  );
  const started = (await slotsOf("ticks", id)).filter(({ state }) => state === "started");
  const runs = await op.runsOf("ticks");
  expect(new Set(started.map(({ run }) => run)).size).toBe(started.length);
  for (const { run, slot } of started) {
    const its = runs.find((one: Answer) => one.id === run);
    expect(its).toMatchObject({ trigger: "schedule", actor: `schedule:${id}` });
    expect(
      Date.parse(its.queuedAt) - Date.parse(slot),
      "it is no earlier than its time",
    ).toBeGreaterThanOrEqual(0);
  }
});

test("while the job has a run of any origin a time is skipped with the reason, or waits for its end", async () => {
  await op.makeJob("busy", ["sh", "-c", "echo ready; exec sleep 600"]);
  const { id: active } = await op.startReady("busy");
  const skips = await schedule("busy", { when: EVERY_SECOND });
  const waits = await schedule("busy", { when: EVERY_SECOND, overlap: "queue" });
  await until("one was skipped and one waits", async () => {
    const [skipped, waiting] = [await slotsOf("busy", skips.id), await slotsOf("busy", waits.id)];
    return (
      skipped.some(({ state }) => state === "skipped") && waiting.some(({ state }) => state === "waiting")
    );
  });
  const skipped = (await slotsOf("busy", skips.id)).find(({ state }) => state === "skipped");
  expect(skipped.why).toContain(`${active} was running`);
  expect((await slotsOf("busy", waits.id)).filter(({ state }) => state === "waiting")).toHaveLength(1);
  await op.call("DELETE", `/api/v1/jobs/busy/schedules/${skips.id}`, 204);
  const [waiting] = (await slotsOf("busy", waits.id)).filter(({ state }) => state === "waiting");
  await op.stop("busy");
  await until("it was started when the run had ended", async () =>
    (await slotsOf("busy", waits.id)).some(({ slot, state }) => slot === waiting.slot && state === "started"),
  );
});

describe("a change holds from then on", () => {
  test("one that is not enabled starts nothing, and nothing of before when it is enabled again", async () => {
    await op.makeJob("paused", ["true"]);
    const made = await schedule("paused", { when: EVERY_SECOND });
    await until("it has started", async () => (await op.runsOf("paused")).length > 0);
    const path = `/api/v1/jobs/paused/schedules/${made.id}`;
    expect(await op.call("PATCH", path, 200, { version: 1, enabled: false })).toMatchObject({
      next: null,
      version: 2,
    });
    const count = (await slotsOf("paused", made.id)).length;
    const waiter = await schedule("paused", { when: EVERY_SECOND });
    await until("another schedule's time came", async () => (await slotsOf("paused", waiter.id)).length > 1);
    expect(await slotsOf("paused", made.id)).toHaveLength(count);
    const again = await op.call("PATCH", path, 200, { version: 2, enabled: true });
    expect(Date.parse(again.next.at)).toBeGreaterThan(Date.now() - 2_000);
    await op.call("PATCH", path, 409, { version: 2, title: "Stale" });
  });

  test("its settings, and what is wrong with them, are told at the field, and change nothing", async () => {
    await op.makeJob("settings", ["true"], {
      parameters: {
        type: "object",
        properties: {
          shop: { type: "string" },
          key: { type: "string", format: "password", writeOnly: true },
        },
        required: ["shop"],
      },
    });
    const ok = {
      when: { by: "cron", expression: "0 3 * * *" },
      timezone: "Europe/Vienna",
      parameters: { shop: "north" },
    };
    const made = await schedule("settings", {
      ...ok,
      title: "Nightly",
      jitterMs: 60_000,
      daysOff: { dates: ["2026-12-24/2027-01-06"] },
    });
    expect(made).toMatchObject({
      title: "Nightly",
      jitterMs: 60_000,
      parameters: { shop: "north" },
      missed: { policy: "last" },
    });
    for (const [body, code] of [
      [{ when: { by: "cron", expression: "x".repeat(70) } }, "SCHEDULE_REFUSED"],
      [{ when: { by: "cron", expression: "0 0 31 2 *" } }, "SCHEDULE_REFUSED"],
      [{ when: { by: "cron", expression: "@reboot" } }, "SCHEDULE_REFUSED"],
      [{ timezone: "Mars/Base" }, "SCHEDULE_REFUSED"],
      [{ endsAt: "2020-01-01T00:00:00Z" }, "SCHEDULE_REFUSED"],
      [{ parameters: {} }, "PARAMETERS_REFUSED"],
      [{ parameters: { shop: "a", other: 1 } }, "PARAMETERS_REFUSED"],
      [{ parameters: { shop: "a", key: "s3cret" } }, "PARAMETERS_REFUSED"],
      [{ when: { by: "interval", everyMs: 1, from: "2026-01-01T00:00:00Z" } }, "INVALID_INPUT"],
      [{ when: { by: "moon" } }, "INVALID_INPUT"],
      [{ daysOff: { dates: ["2026-02-30"] } }, "INVALID_INPUT"],
      [{ daysOff: { weekdays: [7] } }, "INVALID_INPUT"],
      [{ missed: { policy: "all", most: 1_000 } }, "INVALID_INPUT"],
      [{ overlap: "kill" }, "INVALID_INPUT"],
      [{ surprise: true }, "INVALID_INPUT"],
    ] as const) {
      const answer = await server.api("POST", "/api/v1/jobs/settings/schedules", { ...ok, ...body });
      expect(answer.body, JSON.stringify(body)).toMatchObject({ code });
      const patch = await server.api("PATCH", `/api/v1/jobs/settings/schedules/${made.id}`, {
        version: 1,
        ...body,
      });
      expect(patch.body, JSON.stringify(body)).toMatchObject({ code });
    }
    expect(await op.call("GET", "/api/v1/jobs/settings/schedules", 200)).toEqual({
      items: [{ ...made, last: null }],
    });
    await op.call("GET", `/api/v1/jobs/settings/schedules/sch_${"0".repeat(20)}`, 404);
    await op.makeJob("other", ["true"]);
    await op.call("GET", `/api/v1/jobs/other/schedules/${made.id}`, 404);
  });
});

test("the next times are previewed by the engine that starts by them, with what a change of clocks does", async () => {
  const body = {
    when: { by: "cron", expression: "30 2 * * *" },
    timezone: "Europe/Vienna",
    startsAt: "2027-03-27T12:00:00Z",
    count: 3,
  };
  const { times } = await op.call("POST", "/api/v1/schedules/preview", 200, body);
  expect(times).toEqual([
    {
      at: "2027-03-28T01:00:00.000Z",
      local: "2027-03-28 03:00",
      offset: "+02:00",
      words: "moved: clocks go forward from 02:00 to 03:00, and the planned time does not exist that day",
    },
    { at: "2027-03-29T00:30:00.000Z", local: "2027-03-29 02:30", offset: "+02:00", words: null },
    { at: "2027-03-30T00:30:00.000Z", local: "2027-03-30 02:30", offset: "+02:00", words: null },
  ]);
});

test("the dashboard wakes for its times, and for nothing in between", async () => {
  const own = await startServer({ env: { UNSTUCK_LOG_LEVEL: "debug" } });
  const its = operator(own);
  for (const job of ["often", "seldom"]) await its.makeJob(job, ["true"]);
  await schedule("seldom", { when: { by: "cron", expression: "0 3 1 1 *" } }, its);
  const { id } = await schedule("often", { when: { by: "cron", expression: "*/3 * * * * *" } }, its);
  const wakeUps = () =>
    own
      .output()
      .split("\n")
      .filter((line) => line.includes('"schedules.sleep"')).length;
  const begun = wakeUps();
  await until("three have come", async () => (await slotsOf("often", id, its)).length >= 3);
  // One for each, and one that was under way.
  expect(wakeUps() - begun).toBeLessThanOrEqual(4);
  await its.endAll();
  await own.stop();
});

test("killed at any moment and started again, each time is decided once", async () => {
  const dataDir = newDataDir();
  let own = await startServer({ dataDir });
  let its = operator(own);
  await its.makeJob("survives", ["true"]);
  const jobs = ["a", "b", "c", "d"];
  for (const job of jobs) await its.makeJob(job, ["true"]);
  const made = await Promise.all(
    jobs.map((job) =>
      schedule(job, { when: EVERY_SECOND, missed: { policy: "all", most: 100 }, overlap: "queue" }, its),
    ),
  );
  for (let kills = 0; kills < 4; kills += 1) {
    const before = (await slotsOf("a", made[0].id, its)).length;
    await until("some have come", async () => (await slotsOf("a", made[0].id, its)).length > before + 1);
    await own.kill();
    own = await startServer({ dataDir });
    its = operator(own);
  }
  for (const { id, job } of made)
    await its.call("PATCH", `/api/v1/jobs/${job}/schedules/${id}`, 200, { version: 1, enabled: false });
  for (const { id, job } of made) {
    await until(`all of ${job} are decided`, async () =>
      (await slotsOf(job, id, its)).every(({ state }) => state !== "due" && state !== "waiting"),
    );
    const slots = await slotsOf(job, id, its);
    const runs = await its.runsOf(job);
    const started = slots.filter(({ state }) => state === "started").map(({ run }) => run);
    expect(new Set(started).size, "no time has two runs").toBe(started.length);
    expect(runs.map(({ id: run }: Answer) => run).sort(), "each run is of one time").toEqual(
      [...started].sort(),
    );
    const times = slots.map(({ slot }) => Date.parse(slot)).sort((one, other) => one - other);
    const counted = slots.reduce((sum, { count }) => sum + count, 0);
    const span = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000 + 1;
    expect(counted, "no second is missing, and none is there twice").toBe(span);
  }
  await its.endAll();
  await own.stop();
});
