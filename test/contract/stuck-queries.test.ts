import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunFilter } from "@/lib/domain/ports/runs";
import { newestAlert } from "@/lib/store/alerts";
import { listEnded } from "@/lib/store/ended-runs";
import { PrismaClient } from "@/lib/store/generated/client";
import { idsAbove } from "@/lib/store/ids";
import { listJobsWithNewest } from "@/lib/store/jobs";
import { fencesOf } from "@/lib/store/lock-list";
import { openStore } from "@/lib/store/open";
import { countJobCleanups, listPlans } from "@/lib/store/plans";
import { findEvent, listEvents } from "@/lib/store/run-events";
import { listAwaitingSuccessor, listRuns, listUnfinished } from "@/lib/store/runs";
import { sql } from "@/lib/store/sql";
import { type Reads, readsOn, statementsOn } from "@/lib/store/statements";
import type { Store } from "@/lib/store/transaction";
import { countUnsettled, listUnread, listUnsettled } from "@/lib/store/unsettled";
import { dropOldUsage, listUsage, thinUsage } from "@/lib/store/usage";
import { jobId, nextRunId, T0 } from "@/test/factories";

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
  await (await openStore(process.cwd(), file)).close();
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
  const db = statementsOn(database, () => undefined);
  const write: Store["write"] = (work) => client.$transaction((tx) => work(tx, db));
  const change: Store["change"] = async (work) => database.transaction(() => work(db))();
  store = { read: client, look, write, change, ids: idsAbove({}), as: () => store };
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
  const queries = sent.filter(({ sql }) => sql.trimStart().startsWith("SELECT"));
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

const RUNS: RunFilter = {
  jobId: null,
  states: null,
  since: null,
  until: null,
  text: null,
  fingerprint: null,
};
const ASKED: Readonly<Record<string, Partial<RunFilter>>> = {
  everything: {},
  "by job": { jobId: jobId("nightly") },
  "by job and state": { jobId: jobId("nightly"), states: ["failed"] },
  "by state": { states: ["failed", "completed"] },
  "by time": { since: T0, until: T0 + 1 },
  "by part of an id": { text: "x" },
};

for (const [name, filter] of Object.entries(ASKED)) {
  test(`CR-6.8 the list of runs, ${name}, goes along an index that holds what is asked for`, async () => {
    const plans = await plansOf(() => listRuns(store, { ...RUNS, ...filter }, { before: null, limit: 50 }));
    expectNoScan(plans);
    const looking = plans.filter((step) => step.includes("Run_"));
    expect(looking.length).toBeGreaterThan(0);
    for (const step of looking) expect(step).toMatch(/^SEARCH Run USING COVERING INDEX/);
  });
}

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
