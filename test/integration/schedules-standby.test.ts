import { afterAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { type Answer, cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

afterAll(cleanUp);

const JOBS = 100;
const SLOTS = 2_000;
const KILLS = 4;

/** The one of the two that has the data folder. */
async function whoServes(servers: readonly TestServer[]): Promise<TestServer> {
  return until("one of them is ready", async () => {
    for (const server of servers)
      if ((await fetch(`${server.origin}/health`).catch(() => null))?.status === 200) return server;
    return null;
  });
}

test("a dashboard and its standby on one data folder decide two thousand times once each, while they are killed", async () => {
  const dataDir = newDataDir();
  const jobs = Array.from({ length: JOBS }, (_, number) => `job-${number}`);
  let servers = [await startServer({ dataDir }), await startServer({ dataDir, ready: false })];
  let op: Operator = operator(await whoServes(servers));
  for (const job of jobs) await op.makeJob(job, ["true"]);
  const from = new Date(Date.now() + 1_000).toISOString();
  const body = {
    when: { by: "interval", everyMs: 1_000, from },
    timezone: "UTC",
    missed: { policy: "all", most: 100 },
  };
  const ids = new Map<string, string>();
  for (const job of jobs)
    ids.set(job, (await op.call("POST", `/api/v1/jobs/${job}/schedules`, 201, body)).id);
  const slotsOf = async (job: string): Promise<Answer[]> =>
    (await op.call("GET", `/api/v1/jobs/${job}/schedules/${ids.get(job)}/slots?limit=200`, 200)).items;
  const decided = async () => {
    let count = 0;
    for (const job of jobs) for (const slot of await slotsOf(job)) count += slot.count;
    return count;
  };

  for (let kills = 1; kills <= KILLS; kills += 1) {
    await until(`so many have come`, async () => (await decided()) >= (kills * SLOTS) / (KILLS + 1));
    const serving = await whoServes(servers);
    await serving.kill();
    const standby = servers.filter((server) => server !== serving);
    servers = [...standby, await startServer({ dataDir, ready: false })];
    op = operator(await whoServes(servers));
  }
  await until("all have come", async () => (await decided()) >= SLOTS);
  for (const [job, id] of ids)
    await op.call("PATCH", `/api/v1/jobs/${job}/schedules/${id}`, 200, { version: 1, enabled: false });

  for (const job of jobs) {
    await until(`all of ${job} are decided`, async () =>
      (await slotsOf(job)).every(({ state }) => state !== "due"),
    );
    const slots = await slotsOf(job);
    const started = slots.filter(({ state }) => state === "started").map(({ run }) => run);
    const runs = (await op.runsOf(job)).map(({ id }: Answer) => id);
    expect([...started].sort(), `${job}: each run is of one time, and each time of one run`).toEqual(
      runs.sort(),
    );
    const times = slots.map(({ slot }) => Date.parse(slot)).sort((one, other) => one - other);
    const span = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000 + 1;
    expect(
      slots.reduce((sum, { count }) => sum + count, 0),
      `${job}: none is missing`,
    ).toBe(span);
  }
  await op.endAll();
  for (const server of servers) await server.kill();
});
