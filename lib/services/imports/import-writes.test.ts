import { expect, test } from "vitest";
import type { ImportedRow } from "@/lib/domain/import";
import { aContext, actionsOf, wordsOf } from "@/test/a-context";
import { aJob, anImportedRow, aRun, jobId, T0 } from "@/test/factories";
import { type ImportRuns, importRuns } from "./import-runs";

const NOW = T0 + 48 * 3_600_000;
const job = aJob({ checkpoint: "state.json", cwd: "/srv" });
const over = (changes: Partial<ImportedRow> = {}) =>
  anImportedRow({ state: "completed", endedAt: T0 + 60_000, ...changes });

function given(more: Parameters<typeof aContext>[0] = {}) {
  let count = 0;
  const entropy = (length: number) => {
    count += 1;
    return String(count).padStart(8, "0").padEnd(length, "0");
  };
  return aContext({ jobs: [job], at: NOW, entropy, ...more });
}

const rowsOf = (...rows: readonly ImportedRow[]): ImportRuns => ({
  source: "old",
  dryRun: false,
  rows: rows.map((value, row) => ({ row, value })),
});

test("what was over stays what it was, with its times, and says where it comes from", async () => {
  const ctx = given();
  const { items } = await importRuns(ctx, rowsOf(over({ progress: null, exitCode: 0 })));
  const [run] = [...ctx.saved.runs.values()];
  expect(run).toMatchObject({
    jobId: job.id,
    state: "completed",
    cause: "imported",
    reason: "Imported as completed from old.",
    trigger: "import",
    actor: "operator",
    startedAt: T0,
    endedAt: T0 + 60_000,
    exitCode: 0,
    unsettled: false,
    verdict: null,
    imported: { source: "old", externalId: "1" },
  });
  expect(items).toMatchObject([{ row: 0, run: run?.id, job: job.id, verdict: null, alive: false }]);
  expect(run && wordsOf(ctx, run.id)).toEqual(["imported"]);
});

test("all rows of an import are one audit entry, and one that writes nothing is none", async () => {
  const ctx = given();
  const rows = rowsOf(over(), over({ externalId: "2" }));
  await importRuns(ctx, { ...rows, dryRun: true });
  expect([...ctx.saved.runs.values(), ...ctx.saved.audits]).toEqual([]);
  await importRuns(ctx, rows);
  await importRuns(ctx, rows);
  expect(ctx.saved.audits).toEqual([
    { at: NOW, actor: "operator", action: "runs.imported", details: { source: "old", rows: 2 } },
  ]);
  expect(ctx.called).toEqual([]);
});

test("a dry run says what an import would do, without ids of runs that do not exist", async () => {
  const ctx = given();
  const rows = rowsOf(over(), over({ externalId: "2", job: jobId("unknown") }));
  const { items: dryItems, ...dry } = await importRuns(ctx, { ...rows, dryRun: true });
  const { items, ...done } = await importRuns(ctx, rows);
  expect(dry).toEqual({ ...done, dryRun: true });
  expect(dryItems).toEqual(items.map((item) => ({ ...item, run: null })));
});

test("a row that claims to run without a process here is an interrupted run, to be decided about", async () => {
  const readState = async () => ({ found: "none", path: null }) as const;
  const ctx = given({ readState });
  const { zombies, items } = await importRuns(ctx, rowsOf(anImportedRow()));
  const [run] = [...ctx.saved.runs.values()];
  expect(run).toMatchObject({ state: "interrupted", unsettled: true, verdict: "dead", verdictAt: NOW });
  expect(zombies).toMatchObject({ dead: 1, alive: 0, mayBeAlive: 0 });
  expect(items[0]?.sentence).toContain("old");
});

test("a row whose process lives is refused: its run goes on and is no history", async () => {
  const whoIs = () => ({ command: "python spider.py", startedAt: T0, belongsTo: null });
  const ctx = given({ whoIs });
  const { imported, refused, zombies, items } = await importRuns(ctx, rowsOf(anImportedRow()));
  expect({ imported, zombies }).toMatchObject({ imported: 0, zombies: { alive: 1, mayBeAlive: 0 } });
  expect(refused[0]?.problem).toContain("python spider.py");
  expect(items).toMatchObject([{ run: null, alive: true }]);
  expect(ctx.saved.runs.size).toBe(0);
});

test("a row that is no row, one without a job and one from the future do not keep the others out", async () => {
  const ctx = given();
  const rows = rowsOf(
    over({ externalId: "1", job: jobId("unknown") }),
    over({ externalId: "2", startedAt: NOW + 3_600_000, endedAt: null }),
    over({ externalId: "3" }),
  );
  const bad = { row: 3, problem: "state: Invalid option" };
  const { imported, refused } = await importRuns(ctx, { ...rows, rows: [...rows.rows, bad] });
  expect(imported).toBe(1);
  expect(refused.map(({ row }) => row)).toEqual([0, 1, 3]);
  expect(refused[0]?.problem).toContain('there is no job "unknown"');
  expect(refused[1]?.problem).toContain("in the future");
  expect(refused[2]).toEqual(bad);
});

test("a job that is deleted while its rows are judged costs those rows alone", async () => {
  const ctx = given({ jobs: [job, aJob({ id: jobId("kept") })] });
  const listJobsWithNewest = async () => {
    const all = await ctx.listJobsWithNewest();
    await ctx.deleteJob(job.id, { actor: "other", action: "job.deleted" }, NOW);
    return all;
  };
  const rows = rowsOf(over(), over({ externalId: "2", job: jobId("kept") }));
  const { imported, refused } = await importRuns({ ...ctx, listJobsWithNewest }, rows);
  expect(imported).toBe(1);
  expect(refused).toEqual([{ row: 0, problem: expect.stringContaining("Import again.") }]);
});

test("imported history takes the place of no run of the dashboard's own", async () => {
  const own = aRun("failed");
  const ctx = given({ runs: [own] });
  await importRuns(ctx, rowsOf(over()));
  expect((await ctx.findJob(job.id))?.newest).toEqual(own);
});

test("a job is made once for all its rows, before them, and is audited as any other", async () => {
  const ctx = given({ jobs: [] });
  await importRuns(ctx, { ...rowsOf(over(), over({ externalId: "2" })), createJobs: true });
  expect(actionsOf(ctx)).toEqual(["job.created", "runs.imported"]);
  expect([...ctx.saved.runs.values()].map(({ jobId: of }) => of)).toEqual([job.id, job.id]);
});

test("a checkpoint that many rows share is read once, and a row's own instead of the job's", async () => {
  const read: (string | null)[] = [];
  const readState = async ({ checkpoint }: { readonly checkpoint: string | null }) => {
    read.push(checkpoint);
    return { found: "none", path: null } as const;
  };
  const ctx = given({ readState });
  const zombie = (externalId: string, checkpoint: string | null) => anImportedRow({ externalId, checkpoint });
  await importRuns(ctx, rowsOf(zombie("1", null), zombie("2", null), zombie("3", "other.json")));
  expect(read).toEqual(["state.json", "other.json"]);
  expect([...ctx.saved.runs.values()].map(({ spec }) => spec.checkpoint)).toEqual([
    "state.json",
    "state.json",
    "other.json",
  ]);
});
