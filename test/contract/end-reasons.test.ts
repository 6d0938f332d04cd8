import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { judgeExit } from "@/lib/domain/exit";
import { applyMigrations, readMigrations, withSchemaEngine } from "@/lib/store/schema-engine.mjs";
import { temporaryFolder } from "@/test/folders";

const ROOT = process.cwd();
const NAME = "20261127130000_end_stays_as_it_was";

type Event = readonly [type: string, data: Readonly<Record<string, unknown>>];

const exited = (exit: { code: number | null; signal: string | null }, more: object = {}): Event => [
  "exited",
  { exit, endedAt: 1, outcome: null, beforeSignal: false, from: "running", to: "interrupted", ...more },
];
const STOP: Event = ["stop_requested", { cause: "shutdown", reason: "Shut down.", to: "stopping" }];
const KILLED = { code: null, signal: "SIGKILL" };
const UNKNOWN = { code: null, signal: null };
const DONE = { code: 0, signal: null };
/** In the words of the versions that overwrote it: what comes back is what was there. */
const SAID_OF_SIGKILL =
  "Ended by SIGKILL, which nobody here sent: another person or program, or the kernel short of memory.";

/** What the events of a run say, and the reason that follows from them. */
const RUNS: Readonly<Record<string, { events: readonly Event[]; reason: string | null }>> = {
  lost: {
    events: [["lost", { cause: "host_rebooted", reason: "Rebooted.", from: "running", to: "interrupted" }]],
    reason: "Rebooted.",
  },
  killed: { events: [exited(KILLED)], reason: SAID_OF_SIGKILL },
  memory: { events: [exited(KILLED, { outOfMemory: "Out of memory." })], reason: "Out of memory." },
  unknown: { events: [exited(UNKNOWN)], reason: judgeExit(UNKNOWN, null).reason },
  scrapy: {
    events: [exited(DONE, { outcome: "interrupted", outcomeReason: "Its log says: shutdown." })],
    // In the words of when the update was written, as of every run of that time.
    reason: "Exited with code 0 after a shutdown that nobody here asked for. Its log says: shutdown.",
  },
  shutdown: { events: [STOP, exited(KILLED, { from: "stopping" })], reason: "Shut down." },
  gone: { events: [STOP, ["tree_gone", { from: "stopping", to: "interrupted" }]], reason: "Shut down." },
  early: {
    events: [STOP, exited(KILLED, { from: "stopping", beforeSignal: true })],
    reason: SAID_OF_SIGKILL,
  },
  silent: { events: [], reason: "test" },
};

function insert(database: InstanceType<typeof Database>, table: string, row: Record<string, unknown>): void {
  const names = Object.keys(row);
  database
    .prepare(`INSERT INTO "${table}" ("${names.join('","')}") VALUES (${names.map(() => "?").join(",")})`)
    .run(...Object.values(row));
}

function fill(database: InstanceType<typeof Database>): void {
  const job = { id: "old", title: "Old", kind: "command", argv: "[]", cwd: "/", env: "{}" };
  const limits = { startMs: 1, silenceMs: 1, stopGraceMs: 1, onSilence: "stop", locks: "[]", tags: "[]" };
  insert(database, "Job", { ...job, ...limits, createdAt: 1, updatedAt: 1 });
  const plan = { id: "plan_1", kind: "cleanup", state: "undone", trigger: "manual", actor: "me" };
  insert(database, "Plan", { ...plan, filter: "{}", createdAt: 1 });
  const run = {
    jobId: "old",
    state: "interrupted",
    cause: "exit",
    reason: "test",
    trigger: "api",
    actor: "me",
  };
  const rest = { lineageId: "x", spec: "{}", token: "t", queuedAt: 1, endedAt: 2 };
  const item = { planId: "plan_1", jobId: "old", action: "clean", why: "", runState: "interrupted" };
  const more = { runVersion: 1, evidence: "[]", ageMs: 1, result: "undone" };
  const add = (id: string, changes: object = {}) => {
    insert(database, "Run", { id, ...run, ...rest, ...changes });
    insert(database, "PlanItem", { runId: id, ...item, ...more });
  };
  for (const [id, { events }] of Object.entries(RUNS)) {
    add(id);
    const cleaned: Event = [
      "cleaned",
      { reason: "Timeout – Auto-cleaned: dead", from: "interrupted", to: "cleaned" },
    ];
    for (const [type, data] of [...events, cleaned])
      insert(database, "RunEvent", { runId: id, at: 1, type, data: JSON.stringify(data) });
  }
  add("imported", { imported: '{"source":"cron","externalId":"7"}', importKey: "cron 7" });
  insert(database, "Run", { id: "untouched", ...run, ...rest });
}

test("UX-A1 reasons that a clean-up or its undo has overwritten come back with the update, where the events tell them", async () => {
  const databaseFile = join(temporaryFolder(), "old.db");
  const all = readMigrations(ROOT);
  const before = all.migrationDirectories.filter(({ path }) => path < NAME);
  expect(before.length).toBeLessThan(all.migrationDirectories.length);
  await withSchemaEngine({ root: ROOT, databaseFile }, (engine) =>
    applyMigrations(engine, { ...all, migrationDirectories: before }),
  );
  const old = new Database(databaseFile);
  fill(old);
  old.close();
  await withSchemaEngine({ root: ROOT, databaseFile }, (engine) => applyMigrations(engine, all));
  const database = new Database(databaseFile, { readonly: true });
  const rows = database.prepare('SELECT "id", "reason" FROM "Run"').all() as { id: string; reason: string }[];
  database.close();
  const reasons = Object.fromEntries(rows.map(({ id, reason }) => [id, reason]));
  const expected = Object.entries(RUNS).map(([id, { reason }]) => [id, reason]);
  expect(reasons).toEqual({
    ...Object.fromEntries(expected),
    imported:
      "Imported from cron. What its record said of its end was overwritten by a clean-up in an earlier version of Unstuck.",
    untouched: "test",
  });
});
