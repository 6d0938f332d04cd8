import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ImportAnswer } from "@/lib/contracts/import";
import { StraysAnswer } from "@/lib/contracts/stray";
import { endChild, startChild } from "../children";
import { unstuck } from "../cli";
import { inDatabase } from "../doctored";
import { oneServer } from "../one-server";
import { operator } from "../operator";
import { isRunning, processesOfRun } from "../processes";
import { program } from "../programs";
import { type Answer, startServer } from "../server";
import { until } from "../until";

/** What others have left behind, by the command line and a real dashboard; cli-questions.test.ts has the questions. */

const its = oneServer();

const cli = (...args: string[]) => unstuck({ socketOf: its.server.dataDir }, args, { cwd: its.op.cwd });

async function printed(code: number, ...args: string[]): Promise<string> {
  const called = cli(...args);
  expect(await called.ended, `${args.join(" ")}: ${called.output()}`).toMatchObject({ code });
  return called.out();
}

/** Live processes whose runs a dashboard before this one has taken for dead. */
async function leftBehind(jobs: Readonly<Record<string, Record<string, unknown>>>): Promise<Answer[]> {
  const runs: Answer[] = [];
  for (const [job, more] of Object.entries(jobs))
    runs.push(await its.op.runningJob(job, program("speaks-once"), more));
  for (const { id } of runs) await its.op.runThat(id, "has spoken", ({ lastLifeAt }) => lastLifeAt !== null);
  const { dataDir } = its.server;
  await its.server.kill();
  inDatabase(dataDir, (database) => {
    database.exec('UPDATE "Lock" SET "runId" = NULL, "acquiredAt" = NULL');
    database.exec(
      `UPDATE "Run" SET "state" = 'interrupted', "cause" = 'exit_unknown', "activeKey" = NULL,
        "endedAt" = "startedAt", "unsettled" = 1`,
    );
  });
  its.server = await startServer({ dataDir });
  its.op = operator(its.server);
  return runs;
}

const audited = (action: string): Answer[] =>
  inDatabase(its.server.dataDir, (database) =>
    database.prepare('SELECT * FROM "Audit" WHERE "action" = ?').all(action),
  );

test("D5 strays are listed, adopted and ended by the command line, one by one; an adopted one is held to its silence limit", async () => {
  const timeouts = { silenceMs: 2_000, stopGraceMs: 500 };
  const [mute = null, ours = null, old = null] = await leftBehind({
    mute: { timeouts },
    ours: {},
    old: {},
  });
  const listed = StraysAnswer.parse(JSON.parse(await printed(0, "strays", "--json"))).items;
  expect(listed.map(({ run }) => run).sort()).toEqual([mute.id, ours.id, old.id].sort());
  const strayOf = ({ id }: Answer) => listed.find(({ run }) => run === id)?.id ?? "";
  const text = await printed(0, "strays");
  for (const run of [mute, ours, old]) expect(text).toContain(strayOf(run));

  const { run } = JSON.parse(
    await printed(0, "strays", "--adopt", strayOf(ours), "--reason", "ours", "--json"),
  );
  expect(run).toMatchObject({ state: "running", trigger: "adopt", actor: "owner", pid: ours.pid });
  expect(await printed(0, "status", "ours")).toMatch(/^ours {2}RUNNING/);
  // Owned by now, so no stray any more: neither to be adopted again nor to be ended as one.
  await printed(66, "strays", "--adopt", strayOf(ours));
  await printed(66, "strays", "--stop", strayOf(ours), "--force");
  expect(isRunning(ours.pid)).toBe(true);

  expect(await printed(0, "strays", "--stop", strayOf(old), "--reason", "not ours")).toContain(
    "is being ended",
  );
  await until("nothing is left of it", () => processesOfRun(old.id).length === 0);
  expect(audited("stray.stop_requested")).toMatchObject([
    { actor: "owner", runId: old.id, reason: "not ours" },
  ]);

  const adopted = JSON.parse(await printed(0, "strays", "--adopt", strayOf(mute), "--json")).run;
  expect(await its.op.over(adopted.id)).toMatchObject({ state: "timed_out", cause: "silence" });
  expect(processesOfRun(mute.id)).toEqual([]);
  await until("none is listed", async () => /^There are no strays/.test(await printed(0, "strays")));
  expect(await its.op.run(run.id)).toMatchObject({ state: "running", pid: ours.pid });
  await printed(64, "strays", "--adopt", "1-1", "--stop", "1-1");
});

function runsHash(): string {
  return inDatabase(its.server.dataDir, (database) => {
    const hash = createHash("sha256");
    for (const table of ["Job", "Run", "RunEvent", "Audit"])
      hash.update(JSON.stringify(database.prepare(`SELECT * FROM "${table}" ORDER BY 1, 2`).all()));
    return hash.digest("hex");
  });
}

test("E2 import-runs looks first and writes nothing, then imports, and a second time adds nothing", async () => {
  await its.op.makeJob("books", program("exits-with", 0));
  const file = join(its.op.cwd, "legacy runs.csv");
  const lines = [
    "Run ID,Retailer,Status,Start Time,Last Heartbeat,Items,Host",
    "1,books,completed,2025-03-01T00:00:00Z,2025-03-01T00:10:00Z,40,retired",
    "2,books,running,2025-03-02T00:00:00Z,2025-03-02T00:10:00Z,7,retired",
    "3,books,running,2025-03-03T00:00:00Z,2025-03-03T00:00:00Z,,retired",
    "4,nobody,failed,2025-03-04T00:00:00Z,2025-03-04T00:10:00Z,,retired",
  ];
  writeFileSync(file, lines.join("\n"));
  const before = runsHash();
  const asked = ["import-runs", file, "--source", "legacy"];
  const dry = ImportAnswer.parse(JSON.parse(await printed(1, ...asked, "--dry-run", "--json")));
  expect(dry).toMatchObject({ dryRun: true, imported: 3, zombies: { resumable: 1, dead: 1 } });
  expect(dry.refused).toMatchObject([{ problem: expect.stringContaining('"nobody"') }]);
  expect(await printed(1, ...asked, "--dry-run")).toMatch(/This was a dry run; nothing was changed\.\n$/);
  expect(runsHash()).toBe(before);

  expect(await printed(1, ...asked, "--auto")).toMatch(/\n3 imported, 0 already there, 1 refused\.\n$/);
  const runs = await its.op.runsOf("books");
  expect(runs.map(({ imported, state }: Answer) => `${imported.externalId} ${state}`)).toEqual([
    "3 interrupted",
    "2 interrupted",
    "1 completed",
  ]);
  const { items } = await its.op.call("GET", "/api/v1/stuck?job=books", 200);
  expect(items.map(({ run, category }: Answer) => `${run.imported.externalId} ${category}`)).toEqual([
    "3 dead",
    "2 superseded",
  ]);
  const after = runsHash();
  const again = ImportAnswer.parse(JSON.parse(await printed(1, ...asked, "--auto", "--json")));
  expect(again).toMatchObject({ dryRun: false, imported: 0, already: 3 });
  expect(runsHash()).toBe(after);
});

test("running-real-programs: the founding documents' table goes in with --create-jobs alone, and its jobs wait for a command", async () => {
  const file = join(import.meta.dirname, "../../cli/import/fixtures/founding-runs.csv");
  const before = runsHash();
  const dry = await printed(0, "import-runs", file, "--create-jobs", "--dry-run");
  expect(dry).toMatch(/portal_name +job +certain/);
  expect(dry).toMatch(/extracted_total_tenders +extracted +likely/);
  expect(dry).toMatch(/3 jobs are new and disabled until/);
  expect(runsHash()).toBe(before);
  expect(await printed(0, "import-runs", file, "--create-jobs")).toMatch(
    /\n5 imported, 0 already there, 0 refused\.\n$/,
  );
  const runs = await its.op.runsOf("north-portal");
  expect(runs.map(({ state }: Answer) => state)).toEqual(["cleaned", "completed"]);
  expect(await its.op.runsOf("west-portal")).toMatchObject([{ state: "interrupted", verdict: "dead" }]);
  expect(await its.op.runsOf("south-portal")).toMatchObject([{ verdict: "resumable" }, { state: "failed" }]);

  const job = await its.op.call("GET", "/api/v1/jobs/north-portal", 200);
  expect(job).toMatchObject({ title: "North Portal", enabled: false });
  const started = await its.server.api("POST", "/api/v1/jobs/north-portal/start", {});
  expect(started).toMatchObject({ status: 409, body: { code: "JOB_DISABLED" } });
  const enable = (more: object) =>
    its.server.api("PATCH", "/api/v1/jobs/north-portal", { version: job.version, enabled: true, ...more });
  expect(await enable({})).toMatchObject({ status: 409, body: { code: "JOB_HAS_NO_COMMAND" } });
  expect(await enable({ argv: program("exits-with", 0) })).toMatchObject({ status: 200 });
  expect(await its.op.over((await its.op.start("north-portal")).id)).toMatchObject({ state: "completed" });
});

test("FR-F7 a process that only a later record names is seen alive", async () => {
  const child = startChild("sleep", ["3600"], { env: { UNSTUCK_RUN: "" }, detached: true });
  const file = join(its.op.cwd, "lines.jsonl");
  const records = [
    { id: 1, job: "books", status: "done" },
    { id: 2, job: "books", status: "running", pid: child.pid, started_at: Math.floor(Date.now() / 1_000) },
  ];
  writeFileSync(file, records.map((each) => JSON.stringify(each)).join("\n"));
  const answer = ImportAnswer.parse(
    JSON.parse(await printed(1, "import-runs", file, "--create-jobs", "--auto", "--json")),
  );
  expect(answer).toMatchObject({ imported: 1, zombies: { alive: 1, dead: 0 } });
  await endChild(child);
});
