import { beforeAll, expect, test } from "vitest";
import { CleanupPlanBody } from "@/lib/contracts/cleanup";
import { inDatabase } from "../doctored";
import { oneServer } from "../one-server";
import { operator } from "../operator";
import { program } from "../programs";
import { type Answer, startServer } from "../server";
import { until } from "../until";

/** What the contract allows works at its limit: Prisma alone refuses a list of 998 values beside an order, a limit or a count. */

const one = oneServer();
const CONTRACT_MOST = 1_000;
let ids: string[] = [];

beforeAll(async () => {
  await one.op.makeJob("old", program("forever"), { tags: ["eu_1"] });
  const rows = Array.from({ length: CONTRACT_MOST }, (_, index) => ({
    job: "old",
    externalId: `${index}`,
    state: "running",
    startedAt: "2025-03-01T00:00:00.000Z",
    host: "retired-host",
    pid: 1_234,
  }));
  const answer = await one.op.call("POST", "/api/v1/imports", 200, { source: "cron", dryRun: false, rows });
  ids = answer.items.map(({ run }: Answer) => run);
});

const dryRun = (body: object, status = 200) =>
  one.op.call("POST", "/api/v1/cleanup/plans", status, { ...body, dryRun: true });

test("CR-5 a clean-up of as many ticked runs as the contract allows holds exactly those, and one more is refused", async () => {
  for (const size of [997, 998, 999, CONTRACT_MOST]) {
    const { items } = await dryRun({ runs: ids.slice(0, size) });
    expect(items.map(({ run }: Answer) => run)).toEqual(ids.slice(0, size).sort());
  }
  for (const size of [CONTRACT_MOST + 1, 10_000]) {
    const runs = Array.from({ length: size }, (_, index) => ids[index % ids.length]);
    expect(CleanupPlanBody.safeParse({ runs }).success).toBe(false);
    expect((await dryRun({ runs }, 400)).code).toBe("INVALID_INPUT");
  }
  const plan = await one.op.call("POST", "/api/v1/cleanup/plans", 201, { runs: ids });
  expect(plan.counts.planned).toBe(CONTRACT_MOST);
});

test("CR-5 a clean-up of a thousand jobs takes in the runs of those, and a tag is taken to the letter", async () => {
  const others = Array.from({ length: CONTRACT_MOST - 1 }, (_, index) => `none-${index}`);
  for (const jobs of [others, [...others, "old"], ["old"]]) {
    const { items } = await dryRun({ jobs });
    expect(items).toHaveLength(jobs.includes("old") ? CONTRACT_MOST : 0);
  }
  for (const tag of ["eu-1", "EU_1", "eux1", "eu_", "eu_11"])
    expect((await dryRun({ tags: [tag] })).items).toEqual([]);
  expect((await dryRun({ tags: ["eu_1"] })).items).toHaveLength(CONTRACT_MOST);
  const stuck = await one.op.call("GET", "/api/v1/stuck?tag=eu-1", 200);
  expect(stuck.items).toEqual([]);
  expect((await one.op.call("GET", "/api/v1/runs?q=o_d", 200)).items).toEqual([]);
  expect((await one.op.call("GET", "/api/v1/runs?q=OLD", 200)).items).toHaveLength(50);
});

test("CR-5 a thousand locks that are waited for are listed, page by page", async () => {
  const JOBS = 50;
  const names = (job: number) => Array.from({ length: 20 }, (_, lock) => `l${job}-${lock}`);
  // As if each had been held before: a lock has a row from then on.
  inDatabase(one.server.dataDir, (database) => {
    const add = database.prepare('INSERT INTO "Lock" ("name", "fence") VALUES (?, 1)');
    for (let job = 0; job < JOBS; job += 1) for (const name of names(job)) add.run(`shared:${name}`);
  });
  await one.op.call("PUT", "/api/v1/limits/worker", 200, { maxRuns: 1 });
  await one.op.runningJob("busy", program("forever"));
  for (let job = 0; job < JOBS; job += 1) {
    await one.op.makeJob(`waits-${job}`, program("forever"), { locks: names(job) });
    await one.op.start(`waits-${job}`);
  }
  const found: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await one.op.call("GET", `/api/v1/locks?kind=shared&limit=200${cursor}`, 200);
    for (const { name, waiting } of page.items) if (waiting.length === 1) found.push(name);
    if (page.nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  expect(found).toHaveLength(1_000);
  await one.op.call("DELETE", "/api/v1/limits/worker", 204);
});

test("CR-6.8 the deletion of a job that kill -9 cut off goes on at the next start, and nobody sees the job meanwhile", async () => {
  const { dataDir } = one.server;
  await one.server.kill();
  // What the first transaction of a deletion writes; the rest is as it was when it was killed.
  inDatabase(dataDir, (database) =>
    database.prepare('UPDATE "Job" SET "deletingSince" = ? WHERE "id" = \'old\'').run(Date.now()),
  );
  one.server = await startServer({ dataDir });
  one.op = operator(one.server);
  await one.op.call("GET", "/api/v1/jobs/old", 404);
  await one.op.call("POST", "/api/v1/jobs/old/start", 404);
  const left = () =>
    inDatabase(dataDir, (database) =>
      database.prepare('SELECT count(*) FROM "Run" WHERE "jobId" = \'old\'').pluck().get(),
    );
  await until("the rest of it is gone", () => left() === 0);
  await one.op.makeJob("old", program("forever"));
  expect(await one.op.runsOf("old")).toEqual([]);
});
