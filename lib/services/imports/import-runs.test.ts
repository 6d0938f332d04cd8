import { expect, test } from "vitest";
import { ImportRow } from "@/lib/contracts/import";
import type { Job } from "@/lib/domain/job";
import { isPlaceholder } from "@/lib/domain/placeholder";
import type { Run } from "@/lib/domain/run";
import { toGivenRows } from "@/lib/http/import-rows";
import { updateJob } from "@/lib/services/jobs/update-job";
import { aContext, type Context, expectRefusal } from "@/test/a-context";
import { aJob, jobId, T0 } from "@/test/factories";
import { type ImportRuns, importRuns } from "./import-runs";

const NOW = T0 + 48 * 3_600_000;

/** A dashboard with these jobs, on a host where these processes live. */
function aDashboard(jobs: Job[] = [], processes: Record<number, { startedAt: number }> = {}) {
  const ctx = aContext({
    jobs,
    at: NOW,
    defaultCwd: "/srv",
    // Runs of one moment are told apart by it.
    entropy: newEntropy(),
    whoIs: (pid) => {
      const found = processes[pid];
      return found === undefined ? null : { command: "python spider.py", belongsTo: null, ...found };
    },
  });
  const bring = (rows: readonly Record<string, unknown>[], more: Partial<ImportRuns> = {}) =>
    importRuns(ctx, { source: "old", dryRun: false, rows: toGivenRows(rows), ...more });
  return { ctx, bring };
}

function newEntropy() {
  let count = 0;
  return (length: number) => {
    count += 1;
    return String(count).padStart(8, "0").padEnd(length, "0");
  };
}

const jobsOf = ({ saved }: Context) => [...saved.jobs.values()].map(({ job }) => job);
const runsOf = ({ saved }: Context) => [...saved.runs.values()];

const row = (changes: Record<string, unknown>) => ({
  job: "books",
  externalId: "1",
  state: "completed",
  ...changes,
});

test("jobs that are not there are made when asked, switched off, under their own names, and only for rows that go in", async () => {
  const { ctx, bring } = aDashboard();
  const rows = [
    row({ job: "a-1", jobTitle: "Ärzte" }),
    row({ job: "a-1", externalId: "2" }),
    row({ job: "never", externalId: "3", state: "running", startedAt: new Date(NOW).toISOString() }),
  ];
  expect(await bring(rows)).toMatchObject({ imported: 0, jobs: [], refused: [{}, {}, {}] });
  const dry = await bring(rows, { dryRun: true, createJobs: true });
  expect(dry).toMatchObject({ imported: 2, jobs: [{ id: "a-1", title: "Ärzte" }] });
  expect([...jobsOf(ctx), ...ctx.saved.audits]).toEqual([]);
  const done = await bring(rows, { createJobs: true });
  expect(done).toMatchObject({ imported: 2, zombies: { mayBeAlive: 1 }, jobs: [{ id: "a-1" }] });
  expect(jobsOf(ctx)).toMatchObject([
    { id: "a-1", title: "Ärzte", enabled: false, tags: ["imported"], cwd: "/srv" },
  ]);
  expect(isPlaceholder(jobsOf(ctx)[0]?.argv ?? [])).toBe(true);
  expect(runsOf(ctx)).toHaveLength(2);
});

test("a job that an import made cannot be switched on before it has a command", async () => {
  const { ctx, bring } = aDashboard();
  await bring([row({})], { createJobs: true });
  const enable = { version: 1, enabled: true };
  await expectRefusal(ctx, "JOB_HAS_NO_COMMAND", () => updateJob(ctx, jobId("books"), enable));
  expect(await updateJob(ctx, jobId("books"), { ...enable, argv: ["true"] })).toMatchObject({
    enabled: true,
  });
});

test("FR-F15 a long error is cut in its middle, a negative exit code is a signal, and neither costs the row", async () => {
  const { ctx, bring } = aDashboard([aJob({ id: jobId("books") })]);
  const traceback = `Traceback (most recent call last):\n${"  File x.py\n".repeat(2_000)}ValueError: page 7`;
  const rows = [
    row({ state: "failed", exitCode: -9, error: traceback }),
    row({ externalId: "2", state: "failed", exitCode: 3_221_225_786 }),
    row({ externalId: "3", state: "failed", exitCode: -34 }),
    row({ externalId: "4", state: "failed", exitCode: 137 }),
  ];
  for (const each of rows) expect(ImportRow.safeParse(each).success).toBe(true);
  expect(await bring(rows)).toMatchObject({ imported: 4, refused: [] });
  const [killed, windows, realtime, shell] = runsOf(ctx) as [Run, Run, Run, Run];
  expect(killed).toMatchObject({ exitCode: null, signal: "SIGKILL" });
  expect(killed.reason?.length).toBeLessThan(2_100);
  expect(killed.reason).toMatch(/Traceback.*more characters were cut here.*ValueError: page 7$/s);
  expect(windows).toMatchObject({ exitCode: null, signal: null });
  expect(windows.reason).toContain("Its exit code was 3221225786.");
  expect(realtime).toMatchObject({ exitCode: null, signal: null });
  expect(shell).toMatchObject({ exitCode: 137, signal: null });
});

test("FR-F18 the time zones that living processes speak for are counted", async () => {
  const { bring } = aDashboard([aJob({ id: jobId("books") })], {
    77: { startedAt: NOW },
    78: { startedAt: NOW - 60_000 },
  });
  const local = (minutesAgo: number) => new Date(NOW - minutesAgo * 60_000 - 5 * 3_600_000).toISOString();
  const answer = await bring([
    row({ state: "running", pid: 77, startedAt: local(0) }),
    row({ externalId: "2", state: "running", pid: 78, startedAt: local(1) }),
  ]);
  expect(answer).toMatchObject({ imported: 0, zoneHints: [{ offsetMinutes: -300, rows: 2 }] });
  expect(answer.zombies).toMatchObject({ mayBeAlive: 2, dead: 0, alive: 0 });
});

test("FR-A12 of several rows with one id none that is active is taken for what the run is", async () => {
  const { ctx, bring } = aDashboard([aJob({ id: jobId("books") })]);
  const history = [
    row({ state: "queued" }),
    row({ state: "running", pid: 77, startedAt: new Date(T0).toISOString() }),
    row({ state: "completed" }),
    row({ state: "failed" }),
  ];
  const answer = await bring(history);
  expect(answer).toMatchObject({ imported: 1, already: 1, refused: [{ row: 0 }, { row: 1 }] });
  expect(answer.refused[0]?.problem).toMatch(/another row has its externalId.*one row for each run/);
  expect(runsOf(ctx)).toMatchObject([{ state: "completed" }]);
  // Those that were taken over before are left as they are.
  expect(await bring(history)).toMatchObject({ imported: 0, already: 4, refused: [] });
});

test("FR-A9 a run that was taken over under its other id is known again in its job, and in no other", async () => {
  const { ctx, bring } = aDashboard([aJob({ id: jobId("books") }), aJob({ id: jobId("shoes") })]);
  await bring([row({ otherId: "books/1" })]);
  const later = [
    row({ externalId: "books/1", otherId: "1" }),
    row({ job: "shoes", externalId: "shoes/1", otherId: "1" }),
  ];
  expect(await bring(later)).toMatchObject({
    imported: 1,
    already: 1,
    items: [{ job: "books" }, { job: "shoes" }],
  });
  expect(runsOf(ctx).map(({ imported }) => imported?.externalId)).toEqual(["1", "shoes/1"]);
  expect(await bring([row({ otherId: "books/1" })])).toMatchObject({ imported: 0, already: 1 });
});
