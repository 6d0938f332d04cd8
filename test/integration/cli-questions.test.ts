import { once } from "node:events";
import { createWriteStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, expect, test } from "vitest";
import {
  ApplyBody,
  ApplyDeletionBody,
  CleanupPlanBody,
  DeletionPlanBody,
  DryRunAnswer,
  type PlanItemView,
  PlanView,
  UndoBody,
  UndoPreview,
} from "@/lib/contracts/cleanup";
import { ImportAnswer, ImportBody, ImportRow, MAX_IMPORT_BYTES } from "@/lib/contracts/import";
import { StraysAnswer } from "@/lib/contracts/stray";
import { StuckAnswer } from "@/lib/contracts/stuck";
import { type Cli, inTerminal, unstuck } from "../cli";
import { type FakeAnswers, type FakeDashboard, fakeDashboard } from "../fake-dashboard";
import { cleanUp } from "../server";
import { until } from "../until";

/** Questions and answers in a terminal, against a dashboard that says what the test wants; cli-cleanup.test.ts has the real one. */

const PLAN = "plan_00mwr6ej2r3b183etklq";
const AT = "2026-11-22T01:46:27.060Z";
const runId = (at: number) => `run_00mwr6ej2r3b183etk${String(at).padStart(2, "0")}`;

let fake: FakeDashboard | null = null;
afterEach(async () => {
  await fake?.close();
  fake = null;
});
afterAll(cleanUp);

function plan(more: Partial<PlanView> = {}): PlanView {
  return PlanView.parse({
    id: PLAN,
    kind: "cleanup",
    state: "ready",
    trigger: "cli",
    actor: "owner",
    ageHours: 24,
    jobs: [],
    tags: [],
    runs: [],
    reason: null,
    counts: { planned: 2, kept: 1, done: 0, skipped: 0, failed: 0, undone: 0 },
    createdAt: AT,
    appliedAt: null,
    finishedAt: null,
    undoneAt: null,
    ...more,
  });
}

function item(at: number, more: Partial<PlanItemView> = {}): PlanItemView {
  const clean = more.action !== "keep";
  return {
    run: runId(at),
    job: `job-${at}`,
    action: "clean",
    why: clean ? "dead: no checkpoint and no progress" : "resumable: 120 items in its checkpoint",
    runState: "interrupted",
    verdict: clean ? "dead" : "resumable",
    health: null,
    evidence: [],
    ageMs: 90_000_000,
    result: clean ? "planned" : "kept",
    detail: null,
    at: null,
    ...more,
  };
}

const ITEMS = [item(1), item(2), item(3, { action: "keep" })];
const DONE = ITEMS.map((each) =>
  each.action === "clean" ? { ...each, result: "done" as const, detail: "cleaned" } : each,
);
const APPLIED = plan({
  state: "applied",
  counts: { planned: 0, kept: 1, done: 2, skipped: 0, failed: 0, undone: 0 },
});

/** `made`: what the stored plan has, when that differs from what the dry run showed. */
function cleaning({ made = ITEMS, after = DONE, applied = APPLIED } = {}): FakeAnswers {
  let isApplied = false;
  return {
    "POST /api/v1/cleanup/plans": (body) =>
      CleanupPlanBody.parse(body).dryRun
        ? { body: DryRunAnswer.parse({ plan: plan(), items: ITEMS }) }
        : { status: 201, body: plan() },
    [`GET /api/v1/cleanup/plans/${PLAN}`]: () => ({ body: isApplied ? applied : plan() }),
    [`GET /api/v1/cleanup/plans/${PLAN}/items`]: () => ({
      body: { items: isApplied ? after : made, nextCursor: null },
    }),
    [`POST /api/v1/cleanup/plans/${PLAN}/apply`]: (body) => {
      ApplyBody.parse(body);
      isApplied = true;
      return { status: 202, body: plan({ state: "applying" }) };
    },
  };
}

async function terminal(answers: FakeAnswers, line: string): Promise<Cli> {
  fake = await fakeDashboard(answers);
  return inTerminal(fake, `exec $UNSTUCK ${line}`, {
    cwd: fake.socketOf,
    env: { TERM: "xterm", NO_COLOR: "1" },
  });
}

async function plainly(answers: FakeAnswers, ...args: string[]): Promise<Cli> {
  fake = await fakeDashboard(answers);
  const called = unstuck(fake, args, { cwd: fake.socketOf });
  await called.ended;
  return called;
}

const screenOf = (called: Cli) => stripVTControlCharacters(called.output());

const asks = (called: Cli, question: string) =>
  until(
    () => `it asks ${question}; it said ${called.output()}`,
    () => screenOf(called).includes(question),
  );

test("E5 clean-up shows its plan, asks, applies it on yes, and shows what became of each run", async () => {
  const called = await terminal(cleaning(), "cleanup --reason tidy");
  await asks(called, "Clean these 2 runs?");
  expect(screenOf(called)).toMatch(/RUN +JOB +AGE +WILL BE +WHY/);
  expect(screenOf(called)).toContain("2 to be cleaned, 1 kept.");
  expect(fake?.changes).toEqual([]);
  called.type("y\r");
  expect(await called.ended).toMatchObject({ code: 0 });
  expect(fake?.changes.map(({ call }) => call)).toEqual([
    "POST /api/v1/cleanup/plans",
    `POST /api/v1/cleanup/plans/${PLAN}/apply`,
  ]);
  expect(fake?.changes[1]?.body).toEqual({ reason: "tidy" });
  expect(screenOf(called)).toMatch(new RegExp(`${runId(1)} +job-1 +done +cleaned`));
  expect(screenOf(called)).toContain(`${PLAN} applied: 2 cleaned, 1 kept.`);
});

for (const [name, keys, code, says] of [
  ["no", "n\r", 3, "Nothing was changed."],
  ["Enter alone", "\r", 3, "Nothing was changed."],
  ["Ctrl-C", "\x03", 130, "Aborted. Nothing was changed."],
] as const)
  test(`E5 clean-up answered with ${name} changes nothing: ${code}`, async () => {
    const called = await terminal(cleaning(), "cleanup");
    await asks(called, "Clean these 2 runs?");
    called.type(keys);
    expect(await called.ended).toMatchObject({ code });
    expect(screenOf(called)).toContain(`unstuck: ${says}`);
    expect(fake?.changes).toEqual([]);
  });

test("E5 what has come to the plan between the question and the answer is shown and asked about again", async () => {
  const called = await terminal(cleaning({ made: [...ITEMS, item(4)] }), "cleanup");
  await asks(called, "Clean these 2 runs?");
  called.type("y\r");
  await asks(called, "Clean these 3 runs?");
  expect(screenOf(called)).toContain("Meanwhile the list has changed.");
  called.type("n\r");
  expect(await called.ended).toMatchObject({ code: 3 });
  expect(fake?.changes.map(({ call }) => call)).toEqual(["POST /api/v1/cleanup/plans"]);
});

test("E5 --auto applies without asking, says how many it skipped, and hands its options on", async () => {
  const after = [{ ...item(1), result: "skipped" as const, detail: "it made progress" }, ...DONE.slice(1)];
  const applied = plan({
    state: "applied",
    counts: { planned: 0, kept: 1, done: 1, skipped: 1, failed: 0, undone: 0 },
  });
  const args = [
    "cleanup",
    "--auto",
    "--age-hours",
    "48",
    "--job",
    "a",
    "--job",
    "b",
    "--tag",
    "t",
    "--allow-short",
  ];
  const called = await plainly(cleaning({ after, applied }), ...args);
  expect(called.output()).toMatch(/skipped +it made progress/);
  expect(await called.ended).toMatchObject({ code: 1 });
  expect(called.output()).toContain("1 cleaned, 1 skipped, 1 kept.");
  expect(fake?.changes[0]?.body).toEqual({
    trigger: "cli",
    ageHours: 48,
    jobs: ["a", "b"],
    tags: ["t"],
    allowShort: true,
  });
});

test("E5 a dry run asks for nothing but a dry run; --json is its answer", async () => {
  const called = await plainly(cleaning(), "cleanup", "--dry-run", "--json");
  expect(await called.ended).toMatchObject({ code: 0 });
  expect(DryRunAnswer.parse(JSON.parse(called.out())).items).toHaveLength(3);
  expect(fake?.changes).toEqual([]);
});

test("E12 a threshold that is too short is refused in the dashboard's own words: 64", async () => {
  const problem = {
    code: "INVALID_INPUT",
    detail: "A threshold below 12 hours takes slow runs for dead ones.",
  };
  const called = await plainly(
    { "POST /api/v1/cleanup/plans": () => ({ status: 400, body: problem }) },
    "cleanup",
    "--auto",
    "--age-hours",
    "1",
  );
  expect(await called.ended).toMatchObject({ code: 64 });
  expect(called.err()).toContain("below 12 hours");
});

function deleting(): FakeAnswers {
  const items = [item(1, { action: "delete", why: "ended 40 days ago" })];
  let isApplied = false;
  const kind = "delete" as const;
  const applied = plan({
    kind,
    state: "applied",
    counts: { planned: 0, kept: 0, done: 1, skipped: 0, failed: 0, undone: 0 },
  });
  return {
    "POST /api/v1/deletion/plans": (body) =>
      DeletionPlanBody.parse(body).dryRun
        ? { body: DryRunAnswer.parse({ plan: plan({ kind }), items }) }
        : { status: 201, body: plan({ kind }) },
    [`GET /api/v1/cleanup/plans/${PLAN}`]: () => ({ body: isApplied ? applied : plan({ kind }) }),
    [`GET /api/v1/cleanup/plans/${PLAN}/items`]: () => ({ body: { items, nextCursor: null } }),
    [`POST /api/v1/deletion/plans/${PLAN}/apply`]: (body) => {
      isApplied = ApplyDeletionBody.parse(body).confirm === "job-1";
      return { status: 202, body: plan({ kind, state: "applying" }) };
    },
  };
}

test("E5 deleting wants the job's name typed: another name deletes nothing, the right one does", async () => {
  const line = "cleanup --delete --job job-1 --age-hours 720";
  const wrong = await terminal(deleting(), line);
  await asks(wrong, "Type the job's name");
  wrong.type("job-2\r");
  expect(await wrong.ended).toMatchObject({ code: 3 });
  expect(fake?.changes).toEqual([]);
  await fake?.close();
  const right = await terminal(deleting(), line);
  await asks(right, "Type the job's name");
  right.type("job-1\r");
  expect(await right.ended).toMatchObject({ code: 0 });
  expect(screenOf(right)).toContain("1 deleted");
  expect(fake?.changes.at(-1)?.body).toEqual({ confirm: "job-1" });
});

test("E10 UX-A5 --undo does what its preview says, with or without a reason, and --dry-run only says it", async () => {
  const undone = plan({
    state: "undone",
    counts: { planned: 0, kept: 1, done: 0, skipped: 0, failed: 0, undone: 2 },
  });
  const counts = { stuck: 1, state_only: 1, unchanged: 0 };
  const preview = UndoPreview.parse({
    plan: undone,
    counts,
    items: DONE.slice(0, 1).map(({ run, job }) => ({ run, job, outcome: "stuck", why: "It comes back." })),
  });
  const undo = `POST /api/v1/cleanup/plans/${PLAN}/undo`;
  const answers: FakeAnswers = {
    [undo]: (body) => ({ body: UndoBody.parse(body).dryRun ? preview : undone }),
    [`GET /api/v1/cleanup/plans/${PLAN}/items`]: () => ({ body: { items: DONE, nextCursor: null } }),
  };
  const called = await plainly(answers, "cleanup", "--undo", PLAN, "--reason", "was only slow");
  expect(await called.ended).toMatchObject({ code: 0 });
  expect(called.out()).toContain("2 undone");
  expect(fake?.changes).toEqual([{ call: undo, body: { expected: counts, reason: "was only slow" } }]);
  const look = unstuck(fake ?? { socketOf: "" }, ["cleanup", "--undo", PLAN, "--dry-run"], { cwd: "/" });
  expect(await look.ended).toMatchObject({ code: 0 });
  expect(look.out()).toContain("1 back to stuck, 1 only get their old state back, 0 unchanged.");
  expect(fake?.changes).toHaveLength(1);
  const silent = unstuck(fake ?? { socketOf: "" }, ["cleanup", "--undo", PLAN], { cwd: "/" });
  expect(await silent.ended).toMatchObject({ code: 0 });
  expect(fake?.changes.at(-1)).toEqual({ call: undo, body: { expected: counts } });
});

test("D5 strays are listed, and ended all at once only after yes", async () => {
  const strays = StraysAnswer.parse({
    at: AT,
    items: [
      {
        id: "4711-99",
        pid: 4711,
        command: "node scan.mjs",
        startedAt: AT,
        job: "shop",
        run: null,
        runState: null,
        processes: 3,
        sentence: "It carries the marker of a run that is over.",
        can: ["stop"],
      },
    ],
    pidFiles: [{ job: "shop", path: "/srv/shop.pid", pid: 12, why: "no such process" }],
  });
  const answers: FakeAnswers = {
    "GET /api/v1/strays": () => ({ body: strays }),
    "POST /api/v1/strays/4711-99/stop": () => ({ status: 202, body: { stray: strays.items[0] } }),
    "POST /api/v1/strays/pid-files/remove": () => ({ body: {} }),
  };
  const listed = await plainly(answers, "strays");
  expect(listed.out()).toMatch(/STRAY .*\n4711-99 /);
  expect(listed.out()).toContain("/srv/shop.pid");
  await fake?.close();
  const called = await terminal(answers, "strays --stop-all --force");
  await asks(called, "End 1 stray and remove 1 stale pid file?");
  expect(fake?.changes).toEqual([]);
  called.type("y\r");
  expect(await called.ended).toMatchObject({ code: 0 });
  expect(fake?.changes).toEqual([
    { call: "POST /api/v1/strays/4711-99/stop", body: { force: true } },
    { call: "POST /api/v1/strays/pid-files/remove", body: { paths: ["/srv/shop.pid"] } },
  ]);
});

test("what is stuck is counted and listed", async () => {
  const nothing = {
    resumable: 0,
    dead: 0,
    complete: 0,
    unknown: 0,
    hung: 0,
    orphaned: 0,
    waiting: 0,
    superseded: 0,
  };
  const body = StuckAnswer.parse({
    at: AT,
    ageHours: null,
    counts: nothing,
    items: [],
    nextCursor: null,
    lastCheck: null,
  });
  const called = await plainly({ "GET /api/v1/stuck": () => ({ body }) }, "stuck");
  expect(called.out()).toBe("Nothing is stuck.\n");
});

/** Takes what a real one would, and remembers how many it was given at once. */
function importing(chunks: number[]): FakeAnswers {
  return {
    "POST /api/v1/imports": (body) => {
      const { dryRun, rows } = ImportBody.parse(body);
      if (!dryRun) chunks.push(rows.length);
      const items = rows.flatMap((row, at) => {
        const { job, state } = ImportRow.parse(row);
        if (state !== "running") return [];
        return [
          { row: at, run: null, job, verdict: "dead", alive: false, sentence: "No checkpoint, no progress." },
        ];
      });
      const zombies = { resumable: 0, dead: items.length, complete: 0, unknown: 0, alive: 0, mayBeAlive: 0 };
      const none = { already: 0, refused: [], zoneHints: [], jobs: [] };
      return { body: ImportAnswer.parse({ dryRun, imported: rows.length, ...none, zombies, items }) };
    },
  };
}

test("import-runs looks first, asks, and hands thousands of rows over by the thousand", async () => {
  const chunks: number[] = [];
  const called = async () => {
    fake = await fakeDashboard(importing(chunks));
    const rows = Array.from(
      { length: 2_500 },
      (_, at) => `${at},Shop ${at % 3},${at < 40 ? "running" : "done"},2026-01-01 00:00:00`,
    );
    writeFileSync(join(fake.socketOf, "runs.csv"), `id,retailer,status,started_at\n${rows.join("\n")}\n`);
    return inTerminal(fake, "exec $UNSTUCK import-runs runs.csv --source old", {
      cwd: fake.socketOf,
      env: { TERM: "xterm", NO_COLOR: "1" },
    });
  };
  const no = await called();
  await asks(no, "Import 2500 runs?");
  expect(screenOf(no)).toMatch(/said to be active: dead +40/);
  no.type("n\r");
  expect(await no.ended).toMatchObject({ code: 3 });
  expect(chunks).toEqual([]);
  await fake?.close();
  const yes = await called();
  await asks(yes, "Import 2500 runs?");
  yes.type("y\r");
  expect(await yes.ended).toMatchObject({ code: 0 });
  expect(chunks).toEqual([1_000, 1_000, 500]);
  expect(screenOf(yes)).toContain("2500 imported, 0 already there, 0 refused.");
});

test("import-runs reads JSON too, tells rows it cannot read, and counts rows from 1", async () => {
  fake = await fakeDashboard(importing([]));
  const rows = [
    { id: 1, job: "a", state: "gone odd" },
    { id: 2, job: "a", state: "running" },
  ];
  writeFileSync(join(fake.socketOf, "runs.json"), JSON.stringify({ rows }));
  const args = ["import-runs", "runs.json", "--dry-run", "--json"];
  const called = unstuck(fake, args, { cwd: fake.socketOf });
  expect(await called.ended).toMatchObject({ code: 1 });
  const answer = ImportAnswer.parse(JSON.parse(called.out()));
  expect(answer.refused).toEqual([{ row: 1, problem: expect.stringContaining("gone odd") }]);
  expect(answer.items).toMatchObject([{ row: 2, verdict: "dead" }]);
  expect(fake.changes).toEqual([]);
  const mapped = unstuck(fake, [...args, "--state-map", "gone odd=failed"], { cwd: fake.socketOf });
  expect(await mapped.ended).toMatchObject({ code: 0 });
  const wrong = unstuck(fake, [...args, "--map", "job=shop"], { cwd: fake.socketOf });
  expect(await wrong.ended).toMatchObject({ code: 64 });
  expect(wrong.err()).toContain('no column "shop"');
});

/** Counts and sums up, and reads nothing: what is measured is the command. */
function counting(got: { rows: number; largest: number }): FakeAnswers {
  return {
    "POST /api/v1/imports": (body) => {
      const { rows, dryRun } = body as { rows: unknown[]; dryRun: boolean };
      got.rows += rows.length;
      got.largest = Math.max(got.largest, JSON.stringify(body).length);
      const zombies = { resumable: 0, dead: 0, complete: 0, unknown: 0, alive: 0, mayBeAlive: 0 };
      const items = rows.map((_, row) => ({
        row,
        run: null,
        job: "a",
        verdict: null,
        alive: false,
        sentence: "",
      }));
      const none = { already: 0, refused: [], zoneHints: [], jobs: [] };
      return { body: { dryRun, imported: rows.length, ...none, zombies, items } };
    },
  };
}

const TELLS_ITS_PEAK =
  "data:text/javascript,process.on('exit',()=>console.error('peak',process.resourceUsage().maxRSS))";

test("FR-F15 a list of 30,000 rows with long texts is handed over by bytes, and the command's memory does not grow with it", async () => {
  const got = { rows: 0, largest: 0 };
  fake = await fakeDashboard(counting(got));
  const row = (at: number) =>
    JSON.stringify({
      id: at,
      job: "a",
      status: "failed",
      started_at: "2025-01-01 00:00:00",
      error: "x".repeat(at < 3_000 ? 20_000 : 200),
    });
  const file = createWriteStream(join(fake.socketOf, "runs.json"));
  file.write("[");
  for (let at = 0; at < 30_000; at += 1_000) {
    const rows = Array.from({ length: 1_000 }, (_, index) => row(at + index));
    if (!file.write(`${at === 0 ? "" : ","}${rows.join(",\n")}`)) await once(file, "drain");
  }
  file.end("]");
  await once(file, "finish");
  const called = unstuck(fake, ["import-runs", "runs.json", "--dry-run"], {
    cwd: fake.socketOf,
    env: { NODE_OPTIONS: `--import ${TELLS_ITS_PEAK}` },
  });
  expect(await called.ended, called.err()).toMatchObject({ code: 0 });
  expect(got.rows).toBe(30_000);
  expect(got.largest).toBeLessThan(MAX_IMPORT_BYTES);
  expect(called.out()).toContain("30000");
  expect(Number(/peak (\d+)/.exec(called.err())?.[1]) / 1_024).toBeLessThan(320);
});

test("import-runs reads a pipe and standard input, and where nobody can be asked it imports only what leaves no doubt", async () => {
  fake = await fakeDashboard(importing([]));
  const at = { cwd: fake.socketOf };
  writeFileSync(join(fake.socketOf, "sure.csv"), "id,job,status\n1,a,done\n");
  writeFileSync(join(fake.socketOf, "doubtful.csv"), "id,job,status\n1,a,done\n2,a,done\n3,a,odd\n");
  const doubtful = unstuck(fake, ["import-runs", "doubtful.csv"], at);
  expect(await doubtful.ended).toMatchObject({ code: 64 });
  expect(doubtful.err()).toMatch(/not a terminal, and 1 rows would be refused/);
  expect(doubtful.out()).toContain("--state-map odd=failed");
  expect(fake.changes).toEqual([]);
  const sure = unstuck(fake, ["import-runs", "sure.csv"], at);
  expect(await sure.ended, sure.err()).toMatchObject({ code: 0 });
  expect(fake.changes).toHaveLength(1);
  const nameless = unstuck(fake, ["import-runs", "-", "--auto"], at);
  expect(await nameless.ended).toMatchObject({ code: 64 });
  expect(nameless.err()).toMatch(/Expected --source NAME/);
  const shell = inTerminal(fake, `cat sure.csv | $UNSTUCK import-runs - --auto --source old`, {
    ...at,
    env: { NO_COLOR: "1" },
  });
  expect(await shell.ended, shell.out()).toMatchObject({ code: 0 });
  expect(fake.changes).toHaveLength(2);
});
