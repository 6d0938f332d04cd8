import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newestAlert } from "@/lib/store/alerts";
import { PrismaClient } from "@/lib/store/generated/client";
import { idsAbove } from "@/lib/store/ids";
import { fencesOf } from "@/lib/store/lock-list";
import { openStore } from "@/lib/store/open";
import { listUnfinished } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { countUnsettled, listUnread, listUnsettled } from "@/lib/store/unsettled";
import { jobId, nextRunId, T0 } from "@/test/factories";

/** Asks the database how it will answer the very queries that are sent, so that nothing depends on how long they take. */

const folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
const file = join(folder, "unstuck.db");
const sent: { sql: string; params: unknown[] }[] = [];
let client: PrismaClient;
let store: Store;

beforeAll(async () => {
  await (await openStore(process.cwd(), file)).close();
  const adapter = new PrismaBetterSqlite3({ url: `file:${file}` }, { timestampFormat: "unixepoch-ms" });
  const logging = new PrismaClient({ adapter, log: [{ emit: "event", level: "query" }] });
  logging.$on("query", ({ query, params }) => sent.push({ sql: query, params: JSON.parse(params) }));
  client = logging;
  const write: Store["write"] = (work) => client.$transaction(work);
  store = { read: client, write, ids: idsAbove({}), as: () => store };
});
afterAll(async () => {
  await client.$disconnect();
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
      expect(plans.join("\n")).toContain("Run_unsettled_verdict_id_idx (unsettled=?");
    }
  });
}

test("E11 everything else a look at what is stuck asks for goes by an index too", async () => {
  expectNoScan(await plansOf(() => listUnfinished(store)));
  expectNoScan(await plansOf(() => listUnread(store, { after: "", limit: 50 })));
  expectNoScan(await plansOf(() => fencesOf(store, nextRunId())));
  expectNoScan(await plansOf(() => newestAlert(store, "stuck")));
});
