import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crashHost, runningJobs } from "../dead-runs";
import { inDatabase } from "../doctored";
import { type Operator, operator } from "../operator";
import { isRunning } from "../processes";
import { program } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

const JOBS = {
  "dead-1": {},
  "dead-2": { tags: ["eu"] },
  "dead-3": {},
  ticked: { checkpoint: "ticked.json" },
  resumable: { checkpoint: "resumable.json" },
  moved: { checkpoint: "moved.json" },
  resumed: {},
  alone: {},
};

let server: TestServer;
let op: Operator;
let runs: Record<string, Answer>;

beforeAll(async () => {
  const first = await startServer();
  mkdirSync(join(first.dataDir, "work"), { recursive: true });
  for (const name of ["ticked", "resumable"])
    writeFileSync(join(first.dataDir, "work", `${name}.json`), '{"page":9}');
  runs = await runningJobs(first, JOBS);
  server = await crashHost(first, Object.values(runs), { ageHours: 30 });
  op = operator(server);
});

afterAll(async () => {
  await op?.endAll();
  await cleanUp();
});

const id = (job: keyof typeof JOBS): string => runs[job]?.id;
const makePlan = (body: Record<string, unknown>) => op.call("POST", "/api/v1/cleanup/plans", 201, body);
const apply = (plan: string, body: unknown = {}) =>
  op.call("POST", `/api/v1/cleanup/plans/${plan}/apply`, 202, body);
const plan = (planId: string) => op.call("GET", `/api/v1/cleanup/plans/${planId}`, 200);

async function items(planId: string): Promise<Record<string, Answer>> {
  const page = await op.call("GET", `/api/v1/cleanup/plans/${planId}/items?limit=200`, 200);
  return Object.fromEntries(page.items.map((item: Answer) => [item.job, item]));
}

async function applied(planId: string): Promise<Answer> {
  await apply(planId, { reason: "Morning round." });
  return until("the plan is applied", async () => {
    const now = await plan(planId);
    return now.state === "applying" ? null : now;
  });
}

function audits(runId: string): { action: string; reason: string; details: Answer }[] {
  return inDatabase(server.dataDir, (database) =>
    database.prepare('SELECT * FROM "Audit" WHERE "runId" = ? ORDER BY "id"').all(runId),
  ).map((row) => ({ ...(row as Answer), details: JSON.parse((row as Answer).details) }));
}

const everything = () =>
  inDatabase(server.dataDir, (database) =>
    ["Run", "RunEvent", "Audit", "Plan", "PlanItem"].map((table) =>
      database.prepare(`SELECT * FROM "${table}"`).all(),
    ),
  );

describe("clean-up as a plan", () => {
  test("E8 nothing is cleaned because the server started", async () => {
    for (const run of Object.values(runs))
      expect(await op.run(run.id)).toMatchObject({ state: "interrupted", unsettled: true });
    expect((await op.call("GET", "/api/v1/cleanup/plans", 200)).items).toEqual([]);
  });

  test("E12 a threshold under 12 hours is refused, with the reason, unless it is meant", async () => {
    const refused = await op.call("POST", "/api/v1/cleanup/plans", 400, { ageHours: 11 });
    expect(refused).toMatchObject({ code: "INVALID_INPUT" });
    expect(refused.detail).toMatch(/slow.*looks dead.*allowShort: true/);
    const meant = await op.call("POST", "/api/v1/cleanup/plans", 200, {
      ageHours: 11,
      allowShort: true,
      dryRun: true,
    });
    expect(meant.plan.counts.planned).toBeGreaterThan(0);
  });

  test("E6 the dry run says what will happen to each run and why, and changes nothing", async () => {
    const before = everything();
    const answer = await op.call("POST", "/api/v1/cleanup/plans", 200, { dryRun: true });
    expect(everything()).toEqual(before);
    expect(answer.plan).toMatchObject({ state: "ready", ageHours: 24, counts: { planned: 6, kept: 2 } });
    const of = (job: string) => answer.items.find((item: Answer) => item.job === job);
    expect(of("dead-1")).toMatchObject({ action: "clean", verdict: "dead", runState: "interrupted" });
    expect(of("dead-1").why).toMatch(/nothing to resume from/);
    expect(of("resumable")).toMatchObject({ action: "keep", verdict: "resumable", result: "kept" });
    expect(of("resumable").why).toMatch(/only when selected by hand/);
    expect(of("resumable").evidence.map(({ fact }: Answer) => fact)).toContain("checkpoint");
  });

  test("E1 what is younger than the threshold, of another job or without the tag is not on the plan", async () => {
    const dry = async (body: object) =>
      (await op.call("POST", "/api/v1/cleanup/plans", 200, { ...body, dryRun: true })).items.map(
        (item: Answer) => item.job,
      );
    expect(await dry({ ageHours: 48 })).toEqual([]);
    expect(await dry({ jobs: ["dead-1"] })).toEqual(["dead-1"]);
    expect(await dry({ tags: ["eu"] })).toEqual(["dead-2"]);
  });

  test("E2 E3 a plan cleans the dead with reason, end and event, and leaves the resumable and their data", async () => {
    const log = await op.log(id("dead-1"));
    const before = await op.run(id("dead-1"));
    const made = await makePlan({ jobs: ["dead-1", "dead-2", "resumable"], reason: "Weekly." });
    expect(made).toMatchObject({ state: "ready", counts: { planned: 2, kept: 1 } });
    const done = await applied(made.id);
    expect(done).toMatchObject({ state: "applied", reason: "Morning round.", counts: { done: 2, kept: 1 } });
    const run = await op.run(id("dead-1"));
    expect(run).toMatchObject({
      state: "cleaned",
      unsettled: false,
      cause: before.cause,
      endedAt: before.endedAt,
    });
    expect(run.reason, "UX-A1").toBe(before.reason);
    expect(await op.log(id("dead-1"))).toBe(log);
    const told = (await op.events(id("dead-1"))).at(-1);
    expect(told).toMatchObject({ type: "cleaned" });
    expect(told.data.reason).toMatch(/^Timeout – Auto-cleaned: No checkpoint with data/);
    expect(await op.run(id("resumable"))).toMatchObject({ state: "interrupted", unsettled: true });
    const [audit] = audits(id("dead-1")).filter(({ action }) => action === "run.cleaned");
    expect(audit?.details).toMatchObject({ planId: made.id, because: "Morning round." });
    expect(audit?.details.evidence.length).toBeGreaterThan(1);
    const again = await op.call("POST", `/api/v1/cleanup/plans/${made.id}/apply`, 409, {});
    expect(again).toMatchObject({ code: "PLAN_STATE" });
    expect(again.detail).toMatch(/Make a new one/);
  });

  test("E10 a wrongly cleaned run is put back, and then the whole plan", async () => {
    const [first] = (await op.call("GET", "/api/v1/cleanup/plans?job=dead-1", 200)).items;
    const undo = (body: object, status = 200) =>
      op.call("POST", `/api/v1/cleanup/plans/${first.id}/undo`, status, body);
    expect(await undo({ reason: "Wrong one.", runs: [id("resumable")] }, 400)).toMatchObject({
      code: "INVALID_INPUT",
    });
    const before = await op.run(id("dead-1"));
    const one = await undo({ reason: "It was alive after all.", runs: [id("dead-1")] });
    expect(one).toMatchObject({ state: "applied", counts: { done: 1, undone: 1 } });
    const { reason, cause, endedAt } = before;
    expect(await op.run(id("dead-1")), "UX-A1").toMatchObject({
      state: "interrupted",
      unsettled: true,
      reason,
      cause,
      endedAt,
    });
    expect(audits(id("dead-1")).at(-1)).toMatchObject({
      action: "run.clean_undone",
      reason: "It was alive after all.",
    });
    // Its job goes on before the other one is put back: then nothing is left to decide about it.
    await op.running((await op.start("dead-2")).id);
    const preview = await undo({ dryRun: true });
    expect(preview, "UX-A5").toMatchObject({
      counts: { stuck: 0, state_only: 1, unchanged: 0 },
      items: [{ run: id("dead-2"), outcome: "state_only" }],
    });
    const promised = { stuck: 1, state_only: 0, unchanged: 0 };
    expect(await undo({ expected: promised }, 409)).toMatchObject({ code: "PLAN_STATE" });
    expect(await op.run(id("dead-2"))).toMatchObject({ state: "cleaned" });
    expect(await undo({ expected: preview.counts })).toMatchObject({
      state: "undone",
      counts: { undone: 2 },
    });
    expect(await op.run(id("dead-2"))).toMatchObject({ state: "interrupted", unsettled: false });
    expect((await items(first.id))["dead-2"]?.detail).toMatch(/newer run/);
    expect(await undo({ reason: "Again." }, 409)).toMatchObject({ code: "PLAN_STATE" });
  });

  test("E9 history and counts of clean-ups can be asked for by job", async () => {
    const answer = await op.call("GET", "/api/v1/jobs/dead-1/cleanups", 200);
    expect(answer).toMatchObject({ job: "dead-1", cleaned: 0, undone: 1, deleted: 0 });
    expect(answer.lastAt).not.toBeNull();
    expect(answer.plans.items).toHaveLength(1);
    await op.call("GET", "/api/v1/jobs/nobody/cleanups", 404);
  });

  test("E6 a resumable run is cleaned only when somebody ticked it, at any age", async () => {
    const made = await makePlan({ runs: [id("ticked")] });
    expect(made).toMatchObject({ ageHours: null, runs: [id("ticked")], counts: { planned: 1 } });
    expect(await applied(made.id)).toMatchObject({ counts: { done: 1 } });
    expect(await op.run(id("ticked"))).toMatchObject({ state: "cleaned" });
    // What was given up is not gone on from, until somebody puts it back; its checkpoint is still there.
    const refused = await op.call("POST", "/api/v1/jobs/ticked/start", 409, { mode: "resume" });
    expect(refused).toMatchObject({ code: "NOTHING_TO_RESUME" });
    expect(refused.detail).toMatch(/cleaned up; undo that first/);
    const next = await op.start("ticked", { mode: "auto" });
    expect(next.parentRunId).toBeNull();
    await op.call("POST", "/api/v1/cleanup/plans", 404, { runs: ["run_00000000000000000000"] });
  });

  test("E2 a frozen plan skips what changed since: started anew, progressed, and touches nothing that came later", async () => {
    const made = await makePlan({ jobs: ["resumed", "moved", "dead-3"] });
    expect(made.counts).toMatchObject({ planned: 3 });
    writeFileSync(join(op.cwd, "moved.json"), '{"page":1}');
    const child = await op.running((await op.start("resumed", { mode: "fresh" })).id);
    expect(await applied(made.id)).toMatchObject({ state: "applied", counts: { done: 1, skipped: 2 } });
    const seen = await items(made.id);
    expect(seen.moved).toMatchObject({ result: "skipped" });
    expect(seen.moved?.detail).toMatch(/was dead and is resumable now/);
    expect(seen.resumed?.detail).toMatch(/newer run/);
    expect(await op.run(id("resumed"))).toMatchObject({ state: "interrupted", unsettled: false });
    expect(isRunning(child.pid)).toBe(true);
    expect(await op.run(id("moved"))).toMatchObject({ state: "interrupted", unsettled: true });
  });

  test("E6 what is alive is kept, whoever ticks it, and is not signalled", async () => {
    const run = await op.runningJob("alive", program("forever"));
    const made = await makePlan({ runs: [run.id] });
    expect((await items(made.id)).alive).toMatchObject({
      action: "keep",
      result: "kept",
      why: "It is alive: stop it first.",
    });
    expect(await applied(made.id)).toMatchObject({ state: "applied", counts: { kept: 1, done: 0 } });
    expect(isRunning(run.pid)).toBe(true);
  });

  test("a plan that was aborted or grew old does nothing any more", async () => {
    const made = await makePlan({ jobs: ["alone"] });
    expect(await op.call("POST", `/api/v1/cleanup/plans/${made.id}/abort`, 202, {})).toMatchObject({
      state: "aborted",
    });
    await op.call("POST", `/api/v1/cleanup/plans/${made.id}/apply`, 409, {});
    const old = await makePlan({ jobs: ["alone"] });
    inDatabase(server.dataDir, (database) =>
      database.prepare('UPDATE "Plan" SET "createdAt" = "createdAt" - 90000000 WHERE "id" = ?').run(old.id),
    );
    const refused = await op.call("POST", `/api/v1/cleanup/plans/${old.id}/apply`, 409, {});
    expect(refused.detail).toMatch(/1 d 1 h old.*Make a new one/);
    expect(await op.run(id("alone"))).toMatchObject({ state: "interrupted" });
    await op.call("GET", "/api/v1/cleanup/plans/plan_00000000000000000000", 404);
  });
});
