import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunFilter } from "@/lib/domain/ports/runs";
import { UNSEALED } from "@/lib/domain/sealing";
import { newestAlert } from "@/lib/store/alerts";
import { listEnded } from "@/lib/store/ended-runs";
import { PrismaClient } from "@/lib/store/generated/client";
import { idsAbove } from "@/lib/store/ids";
import { deleteRest } from "@/lib/store/job-deletion";
import { listJobsWithNewest } from "@/lib/store/jobs";
import { fencesOf } from "@/lib/store/lock-list";
import { openStore } from "@/lib/store/open";
import { countJobCleanups, listPlans } from "@/lib/store/plans";
import { fromRun } from "@/lib/store/rows";
import { findEvent, listEvents } from "@/lib/store/run-events";
import { listAwaitingSuccessor, listRuns, listUnfinished } from "@/lib/store/runs";
import { sql } from "@/lib/store/sql";
import { type Reads, readsOn, type Statements, statementsOn } from "@/lib/store/statements";
import type { Store } from "@/lib/store/transaction";
import { countUnsettled, listUnread, listUnsettled } from "@/lib/store/unsettled";
import { dropOldUsage, listUsage, thinUsage } from "@/lib/store/usage";
import { aRun, jobId, nextRunId, T0 } from "@/test/factories";
import { givenJob } from "./store/given";
import { ANY } from "./store/run-world";

/** Asks the database how it will answer the very queries that are sent, so that nothing depends on how long they take. */

const folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
const file = join(folder, "unstuck.db");
const sent: { sql: string; params: unknown[] }[] = [];
let client: PrismaClient;
let database: Database.Database;
let store: Store;

function noted<Query extends Parameters<Reads["all"]>>(query: Query): Query {
  const [strings, ...given] = query;
  const { sql: text, values } = sql(strings, ...given);
  sent.push({ sql: text, params: values });
  return query;
}

beforeAll(async () => {
  const made = await openStore(process.cwd(), file);
  const { id } = await givenJob(made, { id: jobId("nightly") });
  const run = aRun("completed", { jobId: id });
  await givenJob(made, { id: jobId("going") });
  await made.change((db) => {
    db.insert("Run", fromRun(run, false));
    db.change`UPDATE "Job" SET "deletingSince" = ${T0} WHERE "id" = 'going'`;
  });
  await made.close();
  const adapter = new PrismaBetterSqlite3({ url: `file:${file}` }, { timestampFormat: "unixepoch-ms" });
  const logging = new PrismaClient({ adapter, log: [{ emit: "event", level: "query" }] });
  logging.$on("query", ({ query, params }) => sent.push({ sql: query, params: JSON.parse(params) }));
  client = logging;
  database = new Database(file);
  const asked = readsOn(database, () => undefined);
  const look: Reads = {
    all: (...query) => asked.all(...noted(query)),
    one: (...query) => asked.one(...noted(query)),
  };
  const db = { ...statementsOn(database, () => undefined), asked: null };
  const write: Store["write"] = (work) => client.$transaction((tx) => work(tx, db));
  const change: Store["change"] = async (work) => database.transaction(() => work(db))();
  store = {
    read: client,
    look,
    write,
    change,
    checkpoint: async () => undefined,
    ids: idsAbove({}),
    sealing: UNSEALED,
    as: () => store,
  };
});
afterAll(async () => {
  await client.$disconnect();
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** How the database goes about each query that `ask` sends, one line per step. */
async function plansOf(ask: () => Promise<unknown>): Promise<string[]> {
  sent.length = 0;
  await ask();
  const queries = sent.filter(({ sql }) => /^\s*(?:SELECT|WITH)\b/.test(sql));
  expect(queries.length, "queries that were sent").toBeGreaterThan(0);
  const database = new Database(file, { readonly: true });
  try {
    return queries.flatMap(({ sql, params }) => {
      const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...params.map(bindable));
      return steps.map((step) => (step as { detail: string }).detail);
    });
  } finally {
    database.close();
  }
}

const bindable = (value: unknown) => (typeof value === "boolean" ? Number(value) : value);

const filters = {
  everything: {},
  "by age": { olderThan: T0 },
  "by job": { jobs: [jobId("nightly")] },
  "by tag": { tags: ["shop"] },
  "by all of them": { olderThan: T0, jobs: [jobId("nightly")], tags: ["shop"] },
} as const;

/** The tables that grow with history may be looked into by an index only. */
function expectNoScan(plans: readonly string[]): void {
  for (const step of plans) expect(step).not.toMatch(/^SCAN .*(Run|RunEvent|Audit)\b/);
}

for (const [name, filter] of Object.entries(filters)) {
  test(`E11 listing and counting what is stuck, ${name}, goes by the index of unsettled runs`, async () => {
    const page = { before: nextRunId(), limit: 50 };
    for (const ask of [
      () => listUnsettled(store, filter, page),
      () => listUnsettled(store, filter, { ...page, before: null }),
      () => countUnsettled(store, filter),
    ]) {
      const plans = await plansOf(ask);
      expectNoScan(plans);
      expect(plans.join("\n")).toContain("Run_unsettled_id_verdict_state_jobId_idx (unsettled=?");
    }
  });
}

test("E11 everything else a look at what is stuck asks for goes by an index too", async () => {
  expectNoScan(await plansOf(() => listUnfinished(store)));
  expectNoScan(await plansOf(() => listUnread(store, { before: null, limit: 50 })));
  expectNoScan(await plansOf(() => fencesOf(store, nextRunId())));
  expectNoScan(await plansOf(() => newestAlert(store, "stuck")));
});

const BY_IDS = "SEARCH Run USING INDEX sqlite_autoindex_Run_1 (id=?)";

/** What is off time is asked for beside a stretch when a time is. */
const OFF_TIME = /^SEARCH Run USING (COVERING )?INDEX Run_offTime_idx \(<expr>>\? AND <expr><\?\)$/;

/** How runs are looked for; those that were found are read by their ids. */
/** One step for each state that a row has, whichever that is. */
const STATES_THERE = "SEARCH Run USING COVERING INDEX Run_state_id_jobId_queuedAt_idx (state>?)";

function searches(plans: readonly string[]): string[] {
  const isAside = (step: string) => step === BY_IDS || step === STATES_THERE || OFF_TIME.test(step);
  return plans.filter((step) => /\bRun\b/.test(step) && !isAside(step));
}

/** What is asked for, and the stretch of an index that holds nothing else, for each state. */
const OF_STATES = "Run_state_id_jobId_queuedAt_idx (state=?";
const OF_A_JOB = "Run_jobId_state_id_queuedAt_idx (jobId=? AND state=?";
const IN_RANGE = " AND id>? AND id<?)";
const THE_NEWEST = Array.from(
  { length: 10 },
  () => `SEARCH Run USING COVERING INDEX ${OF_STATES}${IN_RANGE}`,
);
const ASKED: Readonly<Record<string, readonly [Partial<RunFilter>, string, steps: number]>> = {
  everything: [{}, OF_STATES, 10],
  "by job": [{ jobId: jobId("nightly") }, OF_A_JOB, 10],
  "by job and state": [{ jobId: jobId("nightly"), states: ["failed"] }, OF_A_JOB, 1],
  "by state": [{ states: ["failed", "completed"] }, OF_STATES, 2],
  "by time": [{ since: T0, until: T0 + 1 }, OF_STATES, 10],
  "since a time": [{ since: T0 }, OF_STATES, 10],
  "until a time and by job": [{ jobId: jobId("nightly"), until: T0 }, OF_A_JOB, 10],
  "by all of these": [
    { jobId: jobId("nightly"), states: ["failed", "queued"], since: T0, until: T0 + 1 },
    OF_A_JOB,
    2,
  ],
  // The newest run of all is looked up first.
  "by a text that this job has": [{ jobId: jobId("nightly"), text: "NIGHT" }, OF_A_JOB, 10 + 10],
};

for (const [name, [filter, stretch, steps]] of Object.entries(ASKED)) {
  for (const where of ["", "below a run, "])
    test(`CR-6.8 the list of runs, ${name}, ${where}passes no run that is not asked for`, async () => {
      const before = where === "" ? null : nextRunId();
      const plans = await plansOf(() => listRuns(store, { ...ANY, ...filter }, { before, limit: 50 }));
      // Merged as they are read: nothing is sorted, and what is behind the page is not read.
      expect(plans.join("\n")).not.toContain("TEMP B-TREE");
      expect(searches(plans)).toEqual(
        Array.from({ length: steps }, () => `SEARCH Run USING COVERING INDEX ${stretch}${IN_RANGE}`),
      );
    });
}

test("CR-6.8 the list of runs by a text that jobs have takes one step in an index for each of their states", async () => {
  const plans = await plansOf(() => listRuns(store, { ...ANY, text: "night" }, { before: null, limit: 50 }));
  expect(plans.join("\n")).not.toContain("TEMP B-TREE");
  expect(searches(plans)).toEqual([
    ...THE_NEWEST,
    `SEARCH Run EXISTS USING COVERING INDEX ${OF_STATES}${IN_RANGE}`,
    // The newest of each, and the next one wherever one was taken.
    `SEARCH Run USING COVERING INDEX ${OF_A_JOB}${IN_RANGE}`,
    `SEARCH Run USING COVERING INDEX ${OF_A_JOB}${IN_RANGE}`,
  ]);
});

test("CR-6.8 the list of runs by the beginning of an id reads those that begin with it", async () => {
  const plans = await plansOf(() =>
    listRuns(store, { ...ANY, text: "run_00mwzh" }, { before: null, limit: 50 }),
  );
  const steps = searches(plans).slice(THE_NEWEST.length);
  expect(steps.length).toBeGreaterThan(0);
  for (const step of steps) expect(step).toMatch(/sqlite_autoindex_Run_1 \(id>\? AND id<\?\)$/);
});

test("CR-6.8 the list of runs by fingerprint goes along the index of that, whatever else is asked for", async () => {
  const filter = { ...ANY, fingerprint: "x", jobId: jobId("nightly"), text: "night", since: T0 };
  const plans = await plansOf(() => listRuns(store, filter, { before: null, limit: 50 }));
  expect(plans.join("\n")).not.toContain("TEMP B-TREE FOR ORDER BY");
  expect(searches(plans).length).toBeGreaterThan(0);
  for (const step of searches(plans))
    expect(step).toBe(
      `SEARCH Run USING COVERING INDEX Run_fingerprint_id_jobId_state_queuedAt_idx (fingerprint=?${IN_RANGE}`,
    );
});

test("CR-6.8 runs that were found are read by their ids, whatever else they have to be", async () => {
  const filter = { ...ANY, jobId: jobId("nightly"), states: ["completed" as const] };
  const plans = await plansOf(() => listRuns(store, filter, { before: null, limit: 50 }));
  expect(plans).toContain(BY_IDS);
});

test("CR-6.7 what is off time is asked for along its index, by any filter, when a time is asked for and not else", async () => {
  const plansFor = (filter: Partial<RunFilter>) =>
    plansOf(() => listRuns(store, { ...ANY, ...filter }, { before: null, limit: 50 }));
  for (const filter of [{}, { jobId: jobId("nightly") }, { text: "night" }, { fingerprint: "x" }]) {
    expect((await plansFor(filter)).filter((step) => OFF_TIME.test(step))).toEqual([]);
    for (const time of [{ since: T0 }, { until: T0 }, { since: T0, until: T0 + 1 }]) {
      const plans = await plansFor({ ...filter, ...time });
      expect(plans.filter((step) => OFF_TIME.test(step)).length).toBeGreaterThan(0);
      expect(plans.join("\n")).not.toContain("TEMP B-TREE");
      expectNoScan(plans);
    }
  }
});

test("CR-6.8 the runs of a job that ended are read from where the page begins, in order", async () => {
  const ended = { jobId: jobId("nightly"), endedBefore: T0 * 2, states: [] };
  const plans = await plansOf(() => listEnded(store, ended, { after: nextRunId(), limit: 50 }));
  const along = plans.filter((step) => step.includes("Run_jobId"));
  expect(along).toEqual(
    Array.from({ length: 6 }, () => `SEARCH Run USING COVERING INDEX ${OF_A_JOB} AND id>? AND id<?)`),
  );
  expect(plans.slice(0, plans.lastIndexOf(along[0] ?? ""))).not.toContain("USE TEMP B-TREE FOR ORDER BY");
});

test("CR-6.8 a job's runs are deleted along its index", async () => {
  const asked: string[] = [];
  const listening = (db: Statements): Statements => ({
    ...db,
    all: (...query) => {
      asked.push(sql(...query).sql);
      return db.all(...query);
    },
  });
  const change: Store["change"] = (work) => store.change((db) => work(listening(db)));
  await deleteRest({ ...store, change }, jobId("going"));
  const steps = asked.flatMap((text) => database.prepare(`EXPLAIN QUERY PLAN ${text}`).all("going", 25));
  expect(steps).toMatchObject([
    { detail: "SEARCH Run USING COVERING INDEX Run_jobId_state_id_queuedAt_idx (jobId=?)" },
  ]);
});

test("CR-6.8 nothing else that is asked for again and again reads all runs, events, samples or items", async () => {
  const page = { before: null, after: null, limit: 50 };
  const ended = { jobId: jobId("nightly"), endedBefore: T0, states: [] };
  for (const ask of [
    () => listAwaitingSuccessor(store),
    () => listEnded(store, ended, page),
    () => thinUsage(store),
    () => dropOldUsage(store, T0),
    () => listPlans(store, { kind: null, jobId: jobId("nightly"), runId: null }, page),
    () => listPlans(store, { kind: null, jobId: null, runId: nextRunId() }, page),
    () => countJobCleanups(store, jobId("nightly")),
    () => findEvent(store, nextRunId(), ["exited"]),
    () => listEvents(store, nextRunId(), { after: 0, limit: 50 }),
    () => listJobsWithNewest(store),
    () => listUsage(store, nextRunId()),
  ])
    for (const step of await plansOf(ask)) {
      // Of all that are over the active key is null: a search by that reads them all.
      expect(step).not.toContain("(activeKey=?)");
      expect(step).not.toMatch(/^SCAN .*(Run|RunEvent|UsageSample|PlanItem)\b/);
    }
});

/** The last one here: connections that are open keep what they have read of the statistics. */
test("CR-6.8 statistics that an administrator has made change no plan of a list of runs", async () => {
  const asked = [
    ...Object.values(ASKED).map(([filter]) => filter),
    { text: "night" },
    { fingerprint: "x" },
    { text: "night", until: T0 },
  ];
  const plans = async () => {
    const all: string[][] = [];
    for (const filter of asked)
      all.push(await plansOf(() => listRuns(store, { ...ANY, ...filter }, { before: null, limit: 50 })));
    return all;
  };
  const before = await plans();
  database.exec("ANALYZE");
  expect(await plans()).toEqual(before);
});
