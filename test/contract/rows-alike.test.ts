import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import type { JobId } from "@/lib/domain/ids";
import { Prisma, type Run as RunRow } from "@/lib/store/generated/client";
import { openStore } from "@/lib/store/open";
import { fromRun } from "@/lib/store/rows";
import type { Store } from "@/lib/store/transaction";
import { aRun, T0 } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { givenJob } from "./store/given";

/** What is written and read in prepared statements is, to the last bit, what Prisma writes and reads. */

async function opened(): Promise<{ store: Store; raw: Database.Database }> {
  const file = join(temporaryFolder(), "unstuck.db");
  const store = await openStore(process.cwd(), file);
  const raw = new Database(file);
  raw.pragma("foreign_keys = OFF");
  // Any value may stand in any column, whether it makes sense or not.
  const triggers = raw.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck().all();
  for (const trigger of triggers) raw.exec(`DROP TRIGGER "${trigger}"`);
  onTestFinished(async () => {
    raw.close();
    await store.close();
  });
  return { store, raw };
}

/** Beyond one 16-bit unit, from right to left, composed, what SQL takes for its own. */
const TEXT = "ein Löwe 🦁 ‮ ' \" \\ ? $1 \u0001 e\u0301 \ud83d\udc68\u200d\ud83d\udc69";

type Column = { readonly name: string; readonly type: string; readonly notnull: number; readonly pk: number };

/** A value for each column of a table, by the type it was declared with. */
function values(raw: Database.Database, table: string, by: Readonly<Record<string, unknown>>) {
  const columns = raw.pragma(`table_info("${table}")`) as Column[];
  return columns.map(({ name, type, notnull, pk }) => {
    // A number that is the key must be whole.
    const value = pk === 1 && type === "INTEGER" ? 1 : by[type];
    return { name, value: value ?? (notnull === 1 ? 1 : null) };
  });
}

const FULL = {
  TEXT,
  INTEGER: 2_147_483_647,
  BIGINT: 9_223_372_036_854_775_807n,
  DATETIME: T0 + 123,
  BOOLEAN: 1,
};
const ROWS = {
  "every column full": FULL,
  "all null that may be": {},
  "the least": {
    TEXT: "",
    INTEGER: -2_147_483_648,
    BIGINT: -9_223_372_036_854_775_808n,
    DATETIME: 0,
    BOOLEAN: 0,
  },
  "just beyond what a number holds": {
    ...FULL,
    BIGINT: 9_007_199_254_740_993n,
    DATETIME: 8.64e15,
    INTEGER: 0,
  },
  "what a hand wrote: fractions": { ...FULL, BIGINT: 12.75, INTEGER: 3.5, DATETIME: T0 + 0.5 },
  "what a hand wrote: a time as a text": { ...FULL, DATETIME: "2026-01-01T00:00:00.123Z" },
} as const;

const TABLES = {
  Run: "run",
  Job: "job",
  RunEvent: "runEvent",
  Lock: "lock",
  Recovery: "recovery",
  Audit: "audit",
  Plan: "plan",
  PlanItem: "planItem",
  Alert: "alert",
} as const;

for (const [says, by] of Object.entries(ROWS)) {
  test(`a row of each table is read the same by Prisma and by a prepared statement: ${says}`, async () => {
    const { store, raw } = await opened();
    for (const [table, model] of Object.entries(TABLES)) {
      const row = values(raw, table, by);
      const names = row.map(({ name }) => `"${name}"`).join(", ");
      raw
        .prepare(`INSERT INTO "${table}" (${names}) VALUES (${row.map(() => "?").join(", ")})`)
        .run(...row.map(({ value }) => value));
      const ours = store.look.all`SELECT * FROM ${Prisma.raw(`"${table}"`)}`;
      const prismas = await (store.read[model as "run"].findMany() as Promise<unknown[]>);
      expect(ours, table).toStrictEqual(prismas);
      expect(ours).toHaveLength(1);
    }
  });
}

const RUNS: Readonly<Record<string, Partial<RunRow>>> = {
  "every column full": {
    ...Object.fromEntries(
      (["cause", "reason", "signal", "actor", "token", "waitingFor", "realCwd", "progress"] as const).map(
        (name) => [name, TEXT],
      ),
    ),
    logBytes: 9_223_372_036_854_775_807n,
    cpuMs: 9_007_199_254_740_993n,
    priority: -2_147_483_648,
    unsettled: true,
    lastLifeAt: new Date(T0 + 123),
    verdictAt: new Date(0),
  },
  "all null that may be": {},
};

for (const [says, changes] of Object.entries(RUNS)) {
  test(`a run is kept the same by Prisma and by prepared statements: ${says}`, async () => {
    const { store, raw } = await opened();
    const { id } = await givenJob(store);
    const by = { prisma: runRow(id, changes), insert: runRow(id, changes), update: runRow(id, {}) };
    await store.write((tx) => tx.run.create({ data: by.prisma }));
    await store.change((db) => {
      db.insert("Run", by.insert);
      db.insert("Run", by.update);
      const { id: own, ...rest } = by.prisma;
      expect(db.update("Run", { id: by.update.id, resumeFrom: null }, rest)).toBe(1);
      expect(own).not.toBe(by.update.id);
    });
    const kept = (run: string) => {
      const columns = Object.keys(by.prisma).filter((name) => name !== "id");
      const each = columns.map((name) => `typeof("${name}") || ' ' || quote("${name}") AS "${name}"`);
      return raw.prepare(`SELECT ${each.join(", ")} FROM "Run" WHERE "id" = ?`).get(run);
    };
    expect(kept(by.prisma.id)).toMatchObject({ spec: expect.stringContaining("text ") });
    expect(kept(by.insert.id)).toEqual(kept(by.prisma.id));
    expect(kept(by.update.id)).toEqual(kept(by.prisma.id));
  });
}

/** A final run, since of one job there may be many. */
function runRow(id: JobId, changes: Partial<RunRow>): RunRow {
  const { lineageId, ...row } = fromRun(aRun("failed", { jobId: id }), false);
  return { ...row, lineageId: "run_first", ...changes };
}

test("a statement after its transaction is over is refused, and writes nothing", async () => {
  const { store } = await opened();
  const late = await store.change((db) => db);
  expect(() => late.change`INSERT INTO "Lock" ("name") VALUES ('late')`).toThrow(/transaction was over/);
  expect(() => late.all`SELECT 1`).toThrow(/transaction was over/);
  expect(await store.read.lock.count()).toBe(0);
});

test("what prepared statements read is committed data only, and they cannot write", async () => {
  const { store } = await opened();
  await store.change((db) => {
    db.insert("Lock", { name: "new", runId: null, fence: 1, acquiredAt: null });
    expect(store.look.all`SELECT * FROM "Lock"`).toEqual([]);
  });
  expect(store.look.one`SELECT "name" FROM "Lock"`).toEqual({ name: "new" });
  expect(() => store.look.all`DELETE FROM "Lock" RETURNING *`).toThrow(/readonly/);
});
