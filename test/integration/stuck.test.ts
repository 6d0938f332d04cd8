import { existsSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Operator, operator } from "../operator";
import { program } from "../programs";
import { type Answer, cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const HOUR = 3_600_000;
let server: TestServer;
let op: Operator;
let step: (ms: number) => void;

beforeAll(async () => {
  const dataDir = newDataDir();
  const clock = join(dataDir, "clock");
  step = (ms) => writeFileSync(clock, String(ms));
  step(0);
  server = await startServer({ dataDir, env: { UNSTUCK_TEST_CLOCK: clock, UNSTUCK_STUCK_CHECK_HOURS: "0" } });
  op = operator(server);
});
beforeEach(() => step(0));
afterEach(() => op.endAll());
afterAll(cleanUp);

const stuck = (query = "") => op.call("GET", `/api/v1/stuck${query}`, 200);
const precheck = (job: string, query = "") => op.call("GET", `/api/v1/jobs/${job}/precheck${query}`, 200);

/** A job whose run somebody outside has killed; `left` is what its checkpoint holds then. */
async function interrupted(job: string, left: string | null = null, more: Record<string, unknown> = {}) {
  const run = await op.runningJob(job, program("forever"), { checkpoint: `${job}.cp`, ...more });
  if (left !== null) writeFileSync(join(op.cwd, `${job}.cp`), left);
  process.kill(run.pid, "SIGKILL");
  return op.over(run.id);
}

async function failed(job: string, left: string | null = null, more: Record<string, unknown> = {}) {
  if (left !== null) writeFileSync(join(op.cwd, `${job}.cp`), left);
  await op.makeJob(job, program("exits-with", 3), { checkpoint: `${job}.cp`, ...more });
  return op.over((await op.start(job)).id);
}

/** The verdict as it is kept, which lists do not read anew. */
const keptVerdict = async (job: string) => (await op.runsOf(job))[0].verdict;

test("E1 E2 what did not end well is listed as what it left, with what can be done; the rest is not", async () => {
  const tags = ["sorted"];
  const dead = await interrupted("dead", null, { tags });
  const resumable = await interrupted("resumable", '{"page":7}', { tags });
  await failed("failed-empty", "{}", { tags });
  const kept = await failed("failed-kept", "page 3", { tags });
  await op.runningJob("stopped", program("forever"), { tags });
  await op.over((await op.stop("stopped")).id);
  await op.runningJob("healthy", program("forever"), { tags });

  const { items, counts } = await stuck("?tag=sorted");
  expect(
    items.map(({ run, category, can }: Answer) => [run.id, category, can]),
    "newest first",
  ).toEqual([
    [kept.id, "resumable", ["resume"]],
    [resumable.id, "resumable", ["resume", "clean"]],
    [dead.id, "dead", ["start", "clean"]],
  ]);
  expect(counts).toEqual({
    resumable: 2,
    dead: 1,
    complete: 0,
    unknown: 0,
    hung: 0,
    orphaned: 0,
    waiting: 0,
    superseded: 0,
  });
  for (const { sentence } of items) expect(sentence).toMatch(/^Ended .*\. /);
});

test("E1 a live run over its age without a sign of life is listed, to be stopped and never cleaned; so is a queued one", async () => {
  const timeouts = { silenceMs: 1_000 };
  const more = { timeouts, onSilence: "flag", locks: ["site"], tags: ["live"] };
  const mute = await op.runningJob("mute", program("forever"), more);
  await op.makeJob("queued", program("forever"), { locks: ["site"], tags: ["live"] });
  const queued = await op.start("queued");
  const found = await until("both are listed", async () => {
    const answer = await stuck("?ageHours=0&tag=live");
    return answer.items.length === 2 ? answer : null;
  });
  expect(found.items).toMatchObject([
    { run: { id: queued.id }, category: "waiting", can: ["stop"] },
    { run: { id: mute.id, health: "stuck" }, category: "hung", can: ["stop"] },
  ]);
  expect(found.items[0].sentence).toContain(mute.id);
  expect(found.counts, "UX-A4").toMatchObject({ hung: 1, dead: 0 });
  expect(await precheck("mute", "?ageHours=0")).toMatchObject({ precheck: "wait", ageHours: 0 });
  // Without an age its own threshold counts, and that is a day.
  expect((await stuck("?tag=live")).items).toMatchObject([{ run: { id: queued.id } }]);
});

test("pages of the list show every run once, and an age leaves the younger ones out", async () => {
  const tags = ["paged"];
  const ids: string[] = [];
  for (const job of ["page-a", "page-b", "page-c"]) ids.push((await interrupted(job, null, { tags })).id);
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Answer = await stuck(`?tag=paged&limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`);
    expect(page.counts.dead).toBe(3);
    seen.push(...page.items.map(({ run }: Answer) => run.id));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual([...ids].reverse());
  expect((await stuck("?job=page-b")).items).toMatchObject([{ run: { id: ids[1] } }]);
  expect((await stuck("?tag=paged&ageHours=30")).counts.dead).toBe(0);
  step(31 * HOUR);
  expect((await stuck("?tag=paged&ageHours=30")).counts.dead).toBe(3);
});

test("a verdict is kept when the run ends, and again when a look finds another", async () => {
  await interrupted("kept");
  await until("its verdict is kept", async () => (await keptVerdict("kept")) === "dead");
  writeFileSync(join(op.cwd, "kept.cp"), "page 9");
  const { items, counts } = await stuck("?job=kept");
  expect(items).toMatchObject([{ category: "resumable", run: { verdict: "resumable" } }]);
  expect(counts).toMatchObject({ resumable: 1, dead: 0 });
  await until("the new one is kept", async () => (await keptVerdict("kept")) === "resumable");
});

test("a verdict names everything it rests on", async () => {
  const { id, pid } = await interrupted("explained", "page 4");
  const run = await op.run(id);
  const facts = Object.fromEntries(run.evidence.map(({ fact, value }: Answer) => [fact, value]));
  expect(run).toMatchObject({ unsettled: true, verdict: "resumable" });
  expect(run.verdictSentence).toMatch(/checkpoint/);
  expect(facts.checkpoint).toContain("explained.cp");
  expect(facts.progress).toBe("none reported");
  expect(facts["process identity"]).toContain(`pid ${pid}`);
  expect(facts["locks held"]).toMatch(/^none/);
  expect(facts["counts as stuck after"], "UX-A3 it is over").toBeUndefined();
  const live = await op.runningJob("explained-live", program("forever"));
  const known = (await op.run(live.id)).evidence.find(({ fact }: Answer) => fact === "locks held");
  expect(known.value).toMatch(/explained-live.*fence 1/);
});

test("E3 E4 A4 a start cleans an old dead run first, in one step with the new run", async () => {
  const old = await interrupted("old");
  expect(await precheck("old")).toMatchObject({ precheck: "start", run: { id: old.id }, ageHours: 24 });
  expect(await precheck("old", "?ageHours=0")).toMatchObject({ precheck: "cleanup", ageHours: 0 });
  step(25 * HOUR);
  const said = await precheck("old");
  expect(said).toMatchObject({ precheck: "cleanup", run: { id: old.id } });
  expect(said.evidence.map(({ fact }: Answer) => fact)).toContain("checkpoint");

  const started = await op.start("old");
  const cleaned = await op.run(old.id);
  expect(cleaned).toMatchObject({ state: "cleaned", unsettled: false });
  // What is known of its end stays.
  for (const known of ["reason", "cause", "exitCode", "signal", "endedAt"])
    expect(cleaned[known]).toBe(old[known]);
  expect((await op.events(old.id)).map(({ type }: Answer) => type)).toContain("cleaned");
  expect(started).toMatchObject({ parentRunId: null, lineageId: started.id });
  await op.running(started.id);
});

test("A4 C4 twenty starts of a job with an old dead run clean it once and start one", async () => {
  const old = await interrupted("crowd");
  step(25 * HOUR);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => server.api("POST", "/api/v1/jobs/crowd/start", {})),
  );
  const started = answers.filter(({ status }) => status === 202);
  expect(started).toHaveLength(1);
  for (const { status, body } of answers)
    if (status !== 202) expect(body, JSON.stringify(body)).toMatchObject({ code: "RUN_ALREADY_ACTIVE" });
  expect(await op.runsOf("crowd")).toHaveLength(2);
  const cleanings = (await op.events(old.id)).filter(({ type }: Answer) => type === "cleaned");
  expect(cleanings).toHaveLength(1);
  await op.running(started[0]?.body.run.id);
});

test("E4 A4 a young dead run is simply followed, and nobody decides about it any more", async () => {
  const young = await interrupted("young");
  const next = await op.start("young");
  expect(await op.run(young.id)).toMatchObject({ state: "interrupted", unsettled: false });
  expect((await op.run(next.id)).parentRunId).toBeNull();
  expect((await stuck("?job=young")).items).toEqual([]);
});

test("E2 E4 a resumable run is gone on from, however old it is, and never cleaned", async () => {
  const left = await interrupted("goes-on", '{"page":12}');
  step(100 * HOUR);
  expect(await precheck("goes-on")).toMatchObject({ precheck: "resume" });
  const next = await op.start("goes-on");
  expect(next).toMatchObject({ parentRunId: left.id, lineageId: left.lineageId });
  expect(await op.run(left.id)).toMatchObject({ state: "interrupted", unsettled: false });
});

test("a resume is refused when there is nothing to go on from, and says why and what to do", async () => {
  await op.makeJob("new", program("forever"));
  const never = await op.call("POST", "/api/v1/jobs/new/start", 409, { mode: "resume" });
  expect(never).toMatchObject({ code: "NOTHING_TO_RESUME" });
  const dead = await interrupted("empty", "[]");
  const refused = await op.call("POST", "/api/v1/jobs/empty/start", 409, { mode: "resume" });
  expect(refused).toMatchObject({ code: "NOTHING_TO_RESUME" });
  expect(refused.detail ?? refused.message).toMatch(/nothing to resume from.*from the beginning/s);
  expect(await op.run(dead.id)).toMatchObject({ unsettled: true });
});

test("a resume of what cannot be told is tried, since a person asked; a start by itself begins anew", async () => {
  symlinkSync("/nowhere", join(op.cwd, "doubtful.cp"));
  const left = await interrupted("doubtful");
  step(100 * HOUR);
  const said = await precheck("doubtful");
  expect(said).toMatchObject({ precheck: "start", run: { verdict: "unknown" } });
  expect(said.reason).toContain("deletes nothing");
  const next = await op.start("doubtful", { mode: "resume" });
  expect(next).toMatchObject({ parentRunId: left.id, trigger: "resume" });
});

test("E4 a fresh start keeps what was left, aside", async () => {
  await interrupted("anew", "page 30");
  const next = await op.start("anew", { mode: "fresh" });
  await op.running(next.id);
  expect(next.parentRunId).toBeNull();
  expect(existsSync(join(op.cwd, "anew.cp"))).toBe(false);
  expect(readdirSync(op.cwd)).toContain(`anew.cp.before-${next.id}`);
});

test("E12 a threshold below twelve hours is refused with the reason, unless it is meant", async () => {
  const made = { id: "short", argv: program("forever"), stuckAfterMs: 3 * HOUR };
  const refused = await op.call("POST", "/api/v1/jobs", 400, made);
  expect(JSON.stringify(refused)).toMatch(/dangerous.*allowShort/);
  expect(await op.call("POST", "/api/v1/jobs", 201, { ...made, allowShort: true })).toMatchObject({
    stuckAfterMs: 3 * HOUR,
  });
  const patch = { version: 1, stuckAfterMs: 2 * HOUR };
  expect(JSON.stringify(await op.call("PATCH", "/api/v1/jobs/short", 400, patch))).toMatch(/dangerous/);
  const patched = await op.call("PATCH", "/api/v1/jobs/short", 200, { ...patch, allowShort: true });
  expect(patched.stuckAfterMs).toBe(2 * HOUR);
  expect(patched).not.toHaveProperty("allowShort");
  // Other settings of such a job change without repeating it.
  await op.call("PATCH", "/api/v1/jobs/short", 200, { version: 2, onStuck: "clean" });
});

test("E7 E8 with UNSTUCK_STUCK_CHECK_HOURS=0 nothing is looked for by itself, whatever the clock says", async () => {
  const dead = await interrupted("unwatched", null, { onStuck: "clean" });
  // A check would be due after hours at the most; there have been days, here and in the tests before.
  step(400 * HOUR);
  await op.makeJob("meanwhile", program("exits-with", 0));
  await op.over((await op.start("meanwhile")).id);
  const { lastCheck, items } = await stuck("?job=unwatched");
  expect(lastCheck).toBeNull();
  expect(items).toMatchObject([{ run: { id: dead.id, state: "interrupted" }, category: "dead" }]);
  expect((await op.call("GET", "/api/v1/alerts", 200)).items).toEqual([]);
  expect(server.output()).not.toContain("stuck.check");
});
