import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inDatabase } from "../doctored";
import { type Operator, operator } from "../operator";
import { kill } from "../processes";
import { program } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});

afterAll(async () => {
  await op?.endAll();
  await cleanUp();
});

/** Runs a job again and again, to its end. */
async function runsOf(job: string, count: number, body: object = {}): Promise<Answer[]> {
  const runs: Answer[] = [];
  for (let number = 0; number < count; number += 1) runs.push(await op.over((await op.start(job, body)).id));
  return runs;
}

const makePlan = (body: Record<string, unknown>) =>
  op.call("POST", "/api/v1/deletion/plans", 201, { olderThanHours: 0, ...body });

async function applied(plan: string, job: string): Promise<Answer> {
  await op.call("POST", `/api/v1/deletion/plans/${plan}/apply`, 202, { confirm: job, reason: "Room." });
  return until("the plan is applied", async () => {
    const now = await op.call("GET", `/api/v1/cleanup/plans/${plan}`, 200);
    return now.state === "applying" ? null : now;
  });
}

async function items(plan: string): Promise<Record<string, Answer>> {
  const page = await op.call("GET", `/api/v1/cleanup/plans/${plan}/items?limit=200`, 200);
  return Object.fromEntries(page.items.map((item: Answer) => [item.run, item]));
}

const logOf = (run: Answer) => join(server.dataDir, run.job, "logs", `${run.id}.log`);
const gone = async (run: Answer) => (await server.api("GET", `/api/v1/runs/${run.id}`)).status === 404;

describe("deletion", () => {
  test("E5 deletes runs with their files only when the job's id is typed, keeps the newest, and tells it afterwards", async () => {
    await op.makeJob("old", program("writes-lines", 3), { checkpoint: "old.json" });
    const [first = null] = await runsOf("old", 1);
    writeFileSync(join(op.cwd, "old.json"), '{"page":3}');
    const [fresh = null, newest = null] = await runsOf("old", 2, { mode: "fresh" });
    if (first === null || fresh === null || newest === null) throw new Error("They did not run.");
    const lineage = join(server.dataDir, "old", "lineages", first.lineageId);
    mkdirSync(lineage, { recursive: true });
    const precious = join(server.dataDir, "precious");
    mkdirSync(precious, { recursive: true });
    writeFileSync(join(precious, "kept"), "kept");
    symlinkSync(precious, join(lineage, "link"));
    const made = await makePlan({ job: "old" });
    expect(made).toMatchObject({ kind: "delete", counts: { planned: 2, kept: 1 } });
    expect((await items(made.id))[newest.id]).toMatchObject({ action: "keep" });
    for (const path of [`deletion/plans/${made.id}/apply`, `cleanup/plans/${made.id}/apply`]) {
      const body = path.startsWith("cleanup") ? {} : { confirm: "Old" };
      const refused = await op.call("POST", `/api/v1/${path}`, 409, body);
      expect(refused.code).toBe(path.startsWith("cleanup") ? "PLAN_STATE" : "NOT_CONFIRMED");
    }
    expect(existsSync(logOf(first))).toBe(true);
    expect(readdirSync(op.cwd)).toContain(`old.json.before-${fresh.id}`);
    expect(await applied(made.id, "old")).toMatchObject({ state: "applied", counts: { done: 2, kept: 1 } });
    expect([await gone(first), await gone(fresh), await gone(newest)]).toEqual([true, true, false]);
    expect([first, fresh, newest].map((run) => existsSync(logOf(run)))).toEqual([false, false, true]);
    expect(readdirSync(op.cwd)).not.toContain(`old.json.before-${fresh.id}`);
    expect([existsSync(lineage), existsSync(join(precious, "kept"))]).toEqual([false, true]);
    const left = ["RunEvent", "UsageSample"].flatMap((table) =>
      inDatabase(server.dataDir, (database) =>
        database.prepare(`SELECT * FROM "${table}" WHERE "runId" = ?`).all(first.id),
      ),
    );
    expect(left).toEqual([]);
    expect((await items(made.id))[first.id]).toMatchObject({
      result: "done",
      detail: expect.stringMatching(/its log/),
    });
    expect(await op.call("GET", "/api/v1/jobs/old/cleanups", 200)).toMatchObject({ deleted: 2, cleaned: 0 });
    const undo = await op.call("POST", `/api/v1/cleanup/plans/${made.id}/undo`, 409, { reason: "Oh." });
    expect(undo.detail).toMatch(/cannot be undone/);
    expect((await op.status("old")).run.id).toBe(newest.id);
    expect((await op.over((await op.start("old")).id)).state).toBe("completed");
  });

  test("E5 refuses what is active, what nobody has decided about, and the lineages they belong to", async () => {
    await op.makeJob("open", program("exits-with", 1), { checkpoint: "open.json" });
    writeFileSync(join(op.cwd, "open.json"), '{"page":3}');
    const [first, second, third] = await runsOf("open", 3);
    const made = await makePlan({ job: "open" });
    expect(made.counts).toMatchObject({ planned: 0, kept: 3 });
    const kept = await items(made.id);
    for (const run of [first, second]) expect(kept[run.id]?.why).toMatch(/lineage is open/);
    expect(kept[third.id]?.why).toMatch(/has not been decided yet.* Resume it/);
    await op.call("POST", "/api/v1/deletion/plans", 400, {
      job: "open",
      olderThanHours: 0,
      states: ["running"],
    });
    await op.call("POST", "/api/v1/deletion/plans", 404, { job: "nobody", olderThanHours: 0 });
  });

  test("E5 the folder of a Scrapy lineage goes with the last of its runs, and never with another's", async () => {
    const scrapy = join(op.cwd, "scrapy");
    writeFileSync(scrapy, "#!/bin/sh\nexec sleep 3600\n", { mode: 0o755 });
    await op.makeJob("crawl", [scrapy, "crawl", "shop"], { kind: "scrapy" });
    const first = await op.running((await op.start("crawl")).id);
    const jobdir = first.checkpoint.path;
    mkdirSync(join(jobdir, "requests.queue"), { recursive: true });
    writeFileSync(join(jobdir, "requests.seen"), `${"a".repeat(40)}\n`);
    kill(first.pid, "SIGKILL");
    expect(await op.over(first.id)).toMatchObject({ state: "interrupted", verdict: "unknown" });
    const stopped = async (body: object) => {
      const { id } = await op.running((await op.start("crawl", body)).id);
      await op.stop("crawl", { graceMs: 0 });
      return op.over(id);
    };
    const resumed = await stopped({ mode: "resume" });
    expect(resumed).toMatchObject({ lineageId: first.lineageId, checkpoint: { path: jobdir } });
    const newest = await stopped({ mode: "fresh" });
    const other = newest.checkpoint.path;
    mkdirSync(other, { recursive: true });

    const one = await makePlan({ job: "crawl", states: ["interrupted"] });
    expect(await applied(one.id, "crawl")).toMatchObject({ counts: { done: 1, failed: 0 } });
    expect([await gone(first), await gone(resumed)]).toEqual([true, false]);
    expect(existsSync(join(jobdir, "requests.seen"))).toBe(true);

    const rest = await makePlan({ job: "crawl" });
    expect(await applied(rest.id, "crawl")).toMatchObject({ counts: { done: 1, kept: 1, failed: 0 } });
    expect((await items(rest.id))[resumed.id]?.detail).toMatch(/the folder of its lineage/);
    expect(existsSync(dirname(jobdir))).toBe(false);
    expect([await gone(newest), existsSync(other)]).toEqual([false, true]);
  });

  test("E5 checkpoints of a glob that were moved aside go with the run they were moved for; those in use stay", async () => {
    const parts = join(op.cwd, "parts");
    mkdirSync(parts);
    const write = (...names: string[]) => {
      for (const name of names) writeFileSync(join(parts, name), '{"page":3}');
    };
    await op.makeJob("parts", program("exits-with", 0), { checkpoint: "parts/*.json" });
    await runsOf("parts", 1);
    write("a.json", "b.json");
    const [second] = await runsOf("parts", 1, { mode: "fresh" });
    write("a.json");
    const [newest] = await runsOf("parts", 1, { mode: "fresh" });
    write("c.json", `a.json.before-${second?.id}-and-mine`);
    const aside = (name: string, run: Answer) => `${name}.before-${run.id}`;
    const mine = `a.json.before-${second?.id}-and-mine`;
    expect(readdirSync(parts).sort()).toEqual(
      [aside("a.json", second), aside("b.json", second), aside("a.json", newest), "c.json", mine].sort(),
    );
    const made = await makePlan({ job: "parts" });
    expect(await applied(made.id, "parts")).toMatchObject({ counts: { done: 2, kept: 1, failed: 0 } });
    expect(readdirSync(parts).sort()).toEqual([aside("a.json", newest), "c.json", mine].sort());
  });

  test("E5 leaves alone what changed after the plan was made, and what is behind a link", async () => {
    await op.makeJob("linked", program("exits-with", 0));
    const runs = await runsOf("linked", 3);
    const [first, second] = runs;
    const made = await makePlan({ job: "linked", states: ["completed"] });
    expect(made.counts).toMatchObject({ planned: 2, kept: 1 });
    inDatabase(server.dataDir, (database) =>
      database.prepare('UPDATE "Run" SET "version" = "version" + 1 WHERE "id" = ?').run(first.id),
    );
    const logs = join(server.dataDir, "linked", "logs");
    const elsewhere = join(server.dataDir, "elsewhere");
    renameSync(logs, elsewhere);
    symlinkSync(elsewhere, logs);
    expect(await applied(made.id, "linked")).toMatchObject({ counts: { skipped: 1, failed: 1 } });
    expect(await gone(first)).toBe(false);
    expect((await items(made.id))[second.id]).toMatchObject({
      result: "failed",
      detail: expect.stringMatching(/rows are deleted, but not all.*is a link/),
    });
    expect(existsSync(join(elsewhere, `${second.id}.log`))).toBe(true);
  });
});
