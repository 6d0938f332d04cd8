import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ImportAnswer } from "@/lib/contracts/import";
import { endChild, startChild } from "../children";
import { inDatabase } from "../doctored";
import { type Operator, operator } from "../operator";
import { isRunning } from "../processes";
import { program } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const LONG_AGO = Date.parse("2025-03-01T00:00:00.000Z");

type Row = Record<string, unknown>;

const at = (ms: number) => new Date(ms).toISOString();

async function bring(source: string, rows: readonly unknown[], dryRun = false): Promise<Answer> {
  return ImportAnswer.parse(await op.call("POST", "/api/v1/imports", 200, { source, dryRun, rows }));
}

/** Everything but the heartbeat, which goes on whatever anybody does. */
function databaseHash(): string {
  return inDatabase(server.dataDir, (database) => {
    const hash = createHash("sha256");
    for (const table of ["Job", "Run", "RunEvent", "Lock", "Audit", "Plan", "PlanItem", "Recovery", "Alert"])
      hash.update(JSON.stringify(database.prepare(`SELECT * FROM "${table}" ORDER BY 1, 2`).all()));
    return hash.digest("hex");
  });
}

const count = (sql: string): number =>
  inDatabase(server.dataDir, (database) => database.prepare(sql).pluck().get() as number);

test("E2 10,000 rows with zombies among them: a dry run changes nothing, the import counts right, and a second one adds nothing", async () => {
  for (const job of ["books", "shoes", "tools"]) await op.makeJob(job, program("forever"));
  const rows = Array.from({ length: 10_000 }, (_, index): Row => {
    const startedAt = LONG_AGO + index * 60_000;
    const zombie = index % 4 === 0;
    return {
      job: ["books", "shoes", "tools"][index % 3],
      externalId: `row-${index}`,
      state: zombie ? "running" : index % 4 === 1 ? "failed" : "completed",
      startedAt: at(startedAt),
      endedAt: zombie ? null : at(startedAt + 30_000),
      lastActivityAt: at(startedAt + 20_000),
      host: "retired-host",
      pid: zombie ? 1_234 : null,
      // Every other zombie had done something.
      extracted: zombie && index % 8 === 0 ? 5 : null,
      error: index % 4 === 1 ? "HTTP 503" : null,
    };
  });
  const pages = Array.from({ length: 10 }, (_, page) => rows.slice(page * 1_000, (page + 1) * 1_000));

  const before = databaseHash();
  const dry = await bring("legacy", pages[0] ?? [], true);
  expect(dry).toMatchObject({ dryRun: true, imported: 1_000, already: 0, refused: [] });
  expect(dry.zombies).toEqual({
    resumable: 125,
    dead: 125,
    complete: 0,
    unknown: 0,
    alive: 0,
    mayBeAlive: 0,
  });
  expect(databaseHash()).toBe(before);

  const zombies = { resumable: 0, dead: 0 };
  for (const page of pages) {
    const answer = await bring("legacy", page);
    expect(answer).toMatchObject({ dryRun: false, imported: 1_000, already: 0, refused: [] });
    zombies.resumable += answer.zombies.resumable;
    zombies.dead += answer.zombies.dead;
  }
  expect(zombies).toEqual({ resumable: 1_250, dead: 1_250 });
  expect(count('SELECT count(*) FROM "Run"')).toBe(10_000);
  expect(count(`SELECT count(*) FROM "Run" WHERE "state" = 'interrupted' AND "unsettled"`)).toBe(2_500);
  expect(count('SELECT count(*) FROM "Run" WHERE "unsettled"')).toBe(2_500);

  const after = databaseHash();
  for (const page of [pages[0], pages[9]])
    expect(await bring("legacy", page ?? [])).toMatchObject({ imported: 0, already: 1_000, refused: [] });
  expect(databaseHash()).toBe(after);
  // What another system calls by the same name is another record.
  const [first] = rows;
  expect(await bring("other", [first])).toMatchObject({ imported: 1, already: 0 });

  // Ids sort by when the runs were, and a job without runs of its own gets the newest.
  const { run } = await op.status("books");
  expect(run.imported).toEqual({ source: "legacy", externalId: "row-9999" });
  expect(run.startedAt).toBe(at(LONG_AGO + 9_999 * 60_000));
  const [newest, second] = await op.runsOf("shoes");
  expect(newest.startedAt > second.startedAt).toBe(true);
});

test("a bad row does not hide the others, and each says what to do", async () => {
  await op.makeJob("good", program("forever"), { checkpoint: "state.json" });
  mkdirSync(op.cwd, { recursive: true });
  writeFileSync(join(op.cwd, "state.json"), '{"page":7}');
  const now = Date.now();
  const row = (externalId: string, more: Row): Row => ({
    job: "good",
    externalId,
    state: "completed",
    ...more,
  });
  const answer = await bring("mixed", [
    row("1", { startedAt: at(LONG_AGO), endedAt: at(LONG_AGO + 1_000), exitCode: 0 }),
    { job: "nobody", externalId: "2", state: "running" },
    row("3", { state: "RUNNING" }),
    row("4", { startedAt: at(now + 7_200_000) }),
    row("5", { startedAt: at(LONG_AGO), endedAt: at(LONG_AGO - 3_000) }),
    "no row at all",
    row("1", { startedAt: at(LONG_AGO) }),
    row("6", { state: "stopping", startedAt: at(LONG_AGO), checkpoint: "elsewhere.json" }),
    row("7", { state: "queued" }),
  ]);
  expect(answer).toMatchObject({ imported: 3, already: 1 });
  expect(answer.refused.map(({ row: index }: Answer) => index)).toEqual([1, 2, 3, 4, 5]);
  const problems = answer.refused.map(({ problem }: Answer) => problem);
  expect(problems[0]).toMatch(/no job "nobody".*Create it first/);
  expect(problems[1]).toMatch(/^state: /);
  expect(problems[2]).toMatch(/startedAt lies .* in the future.*time zone/);
  expect(problems[3]).toMatch(/ends before it starts/);
  // Its own checkpoint is not there; the job's is.
  expect(answer.zombies).toMatchObject({ dead: 1, resumable: 1 });

  const completed = await op.run(answer.items[0].run);
  expect(completed).toMatchObject({ state: "completed", cause: "imported", trigger: "import", exitCode: 0 });
  expect(completed).toMatchObject({ unsettled: false, durationMs: 1_000, startedAt: at(LONG_AGO) });
  const log = await server.api("GET", `/api/v1/runs/${completed.id}/log`);
  expect(log).toMatchObject({ status: 404, body: { code: "LOG_NOT_FOUND" } });
  expect(log.body.detail).toMatch(/imported from mixed/);
  const [, , dead] = answer.items;
  expect(await op.run(dead.run)).toMatchObject({ state: "interrupted", cause: "imported", unsettled: true });
  expect(dead.sentence).toMatch(/^Imported as stopping from mixed; it names no process/);
});

test("FR-A12 FR-F18 a row whose process lives here is told, not called dead; a later owner of its number is not its process", async () => {
  await op.makeJob("alive", program("forever"));
  const child = startChild("sleep", ["3600"], { env: { UNSTUCK_RUN: "" }, detached: true });
  const row = { job: "alive", state: "running", pid: child.pid };
  const answer = await bring("processes", [
    { ...row, externalId: "its own", startedAt: at(Date.now()) },
    { ...row, externalId: "reused", startedAt: at(LONG_AGO) },
    { ...row, externalId: "elsewhere", startedAt: at(LONG_AGO), host: "another-host" },
    { ...row, externalId: "over", state: "completed", startedAt: at(Date.now()) },
    { ...row, externalId: "recent elsewhere", startedAt: at(Date.now()), host: "another-host" },
    { ...row, externalId: "dashboard", startedAt: at(Date.now()), pid: server.pid },
    { ...row, externalId: "local", startedAt: at(Date.now() - 5 * 3_600_000) },
  ]);
  expect(answer).toMatchObject({ imported: 4, zombies: { alive: 1, dead: 3, mayBeAlive: 2 } });
  expect(answer.zoneHints).toEqual([{ offsetMinutes: -300, rows: 1 }]);
  expect(answer.items[0]).toMatchObject({ run: null, alive: true, verdict: null });
  expect(answer.items[0].sentence).toContain(`process ${child.pid} (sleep 3600)`);
  expect(answer.items[0].sentence).toMatch(/Adopting it is not possible/);
  expect(answer.refused).toMatchObject([{ row: 0 }, { row: 4 }, { row: 6 }]);
  expect(answer.items[1].sentence).toContain(`its process ${child.pid} is gone`);
  expect(answer.items[2].sentence).toContain("it ran on another-host");
  expect(isRunning(child.pid)).toBe(true);
  await endChild(child);
  // It has ended: now it can be taken over.
  const later = await bring("processes", [{ ...row, externalId: "its own", startedAt: at(Date.now()) }]);
  expect(later).toMatchObject({ imported: 1, zombies: { dead: 1, alive: 0 } });
});

test("an imported run never takes the place of a run of the job's own", async () => {
  await op.makeJob("own", program("exits-with", 0));
  const run = await op.over((await op.start("own")).id);
  const row = { job: "own", state: "running", lastActivityAt: null };
  const answer = await bring("history", [
    { ...row, externalId: "older", startedAt: at(LONG_AGO) },
    { ...row, externalId: "newer", state: "failed", startedAt: at(Date.now()) },
  ]);
  expect(answer.imported).toBe(2);
  expect((await op.status("own")).run.id).toBe(run.id);
});
