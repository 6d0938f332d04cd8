import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { endChild, startChild } from "../children";
import { temporaryFolder } from "../folders";
import { until } from "../until";
import { readRows } from "./model/database";
import { invariants } from "./model/invariants";
import { journalReader } from "./model/journal";
import { differences } from "./model/truth";

/** The judges of the torture test themselves: each broken promise, made by hand, is seen. */

const HISTORY = [
  ["claimed", "queued", "starting"],
  ["spawned", "starting", "running"],
  ["exited", "running", "completed"],
] as const;

type Doctored = Record<string, string | number | null>;

/** A data folder in which one run of job "a" has completed, and everything about it is right. */
function aScene() {
  const folder = temporaryFolder();
  const file = join(folder, "unstuck.db");
  const database = new Database(file);
  database.exec(`CREATE TABLE Run (id, jobId, state, version, cause, reason, exitCode, signal, pid, launcherPid, queuedAt, startedAt,
    endedAt, activeKey, spec); CREATE TABLE Lock (name, runId); CREATE TABLE RunEvent (id INTEGER PRIMARY KEY, runId, type, data)`);
  const journal = join(folder, "journal");
  const enter = (line: string) => appendFileSync(journal, `${line}\n`);
  writeFileSync(journal, "");
  const event = (type: string, from: string, to: string, runId = "run_1") =>
    database
      .prepare("INSERT INTO RunEvent (runId, type, data) VALUES (?, ?, ?)")
      .run(runId, type, JSON.stringify({ from, to }));
  const change = (changes: Doctored, id = "run_1") => {
    const names = Object.keys(changes).map((name) => `${name} = @${name}`);
    database.prepare(`UPDATE Run SET ${names.join(", ")} WHERE id = '${id}'`).run(changes);
  };
  const add = (id: string, state: string, job = "a") =>
    database
      .prepare(
        `INSERT INTO Run VALUES (?, ?, ?, 4, 'exit', 'why', 0, NULL, 7, 6, 1, 2, 3, NULL, '{"locks":["s"]}')`,
      )
      .run(id, job, state);
  add("run_1", "completed");
  for (const [type, from, to] of HISTORY) event(type, from, to);
  enter("10.00 start a run_1 7 -");
  enter("11.00 end a run_1 7 0");
  const judges = invariants(folder, file, journal);
  return { folder, file, journal, database, judges, enter, event, change, add };
}
type Scene = ReturnType<typeof aScene>;

const running = { state: "running", cause: null, endedAt: null, exitCode: null, activeKey: "a" };

const BROKEN: readonly (readonly [string, RegExp, (scene: Scene) => void])[] = [
  ["an end without a cause", /without a cause/, ({ change }) => change({ cause: null })],
  ["an end without a time", /without an end time/, ({ change }) => change({ endedAt: null })],
  ["an end before its beginning", /before it began/, ({ change }) => change({ endedAt: 1 })],
  ["an active key after the end", /with the key a/, ({ change }) => change({ activeKey: "a" })],
  [
    "a final run that changes",
    /is now/,
    ({ judges, change }) => {
      judges.check();
      change({ reason: "another" });
    },
  ],
  [
    "a lock of a run that is over",
    /held by run_1/,
    ({ database }) => database.exec("INSERT INTO Lock VALUES ('job:a', 'run_1')"),
  ],
  [
    "a run at work without its locks",
    /running without job:a/,
    ({ database, change }) => {
      database.exec("DELETE FROM RunEvent WHERE type = 'exited'");
      change(running);
    },
  ],
  [
    "an arrow that is not there",
    /by exited to queued/,
    ({ event }) => event("exited", "completed", "queued"),
  ],
  ["a history that leads elsewhere", /its history leads to/, ({ change }) => change({ state: "failed" })],
  ["a start that was promised and is lost", /does not exist/, ({ judges }) => judges.acknowledged("run_9")],
  ["two trees under one lock", /was alive/, ({ enter }) => enter("12.00 double a run_1 7 s")],
  ["a run that begins twice", /began twice/, ({ enter }) => enter("12.00 start a run_1 9 -")],
  [
    "two runs whose times overlap",
    /while another lasted/,
    ({ add, event, enter }) => {
      add("run_2", "completed");
      for (const [type, from, to] of HISTORY) event(type, from, to, "run_2");
      enter("10.50 start a run_2 9 -");
    },
  ],
  ["an invented exit code", /it wrote 0/, ({ change }) => change({ exitCode: 5 })],
  ["an invented signal", /ended by SIGSEGV/, ({ change }) => change({ exitCode: null, signal: "SIGSEGV" })],
  [
    "a run that began and is called never started",
    /never started/,
    ({ change }) => change({ cause: "never_started" }),
  ],
  ["a program of a run nobody knows", /does not exist/, ({ enter }) => enter("12.00 start a run_9 9 -")],
];

test("a scene in which everything is right is accepted, again and again", () => {
  const { judges, folder, file } = aScene();
  for (let time = 0; time < 3; time += 1) judges.check();
  expect(differences(folder, file)).toEqual([]);
});

describe("a broken promise is seen", () => {
  for (const [what, words, breakIt] of BROKEN)
    test(what, () => {
      const scene = aScene();
      breakIt(scene);
      expect(() => scene.judges.check()).toThrow(words);
    });
});

test("a run that begins while the judges read is judged when they look again", () => {
  const { folder, file, journal, enter } = aScene();
  let looks = 0;
  const judges = invariants(folder, file, journal, (database, afterEvent) => {
    const rows = readRows(database, afterEvent);
    if (looks === 0) enter("12.00 start b run_2 9 -");
    looks += 1;
    return rows;
  });
  judges.check();
  expect(() => judges.check()).toThrow("run_2 (b) wrote that it began, and does not exist");
});

test("limits are counted from when the launcher began, however long the program took to enter itself", async () => {
  const folder = temporaryFolder();
  const keeper = join(import.meta.dirname, "../programs/keeps-journal");
  const launcher = startChild("sh", ["-c", 'read -r _; "$0" "$1" a true; read -r _', keeper, folder], {
    env: { UNSTUCK_JOB: "a", UNSTUCK_RUN_ID: "run_1" },
    stdio: ["pipe", "ignore", "inherit"],
  });
  const sinceBoot = () => Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  const startedBy = sinceBoot();
  await until("a moment later", () => sinceBoot() > startedBy + 0.05);
  launcher.process.stdin?.write("\n");
  const entries = journalReader(join(folder, "journal"));
  const start = await until("it has entered itself", () => entries().find(({ what }) => what === "start"));
  expect(Number(start.detail)).toBeLessThanOrEqual(startedBy);
  expect(start.at).toBeGreaterThan(startedBy);
  await endChild(launcher);
});

test("a process that outlives its run is seen, by the judges and by the comparison", async () => {
  const { judges, folder, file } = aScene();
  const child = startChild("sleep", ["300"], { cwd: folder, env: { UNSTUCK_RUN: "run_1.token" } });
  expect(() => judges.check()).toThrow(/lives, but that run is completed/);
  expect(differences(folder, file)).toEqual([expect.stringContaining(`process ${child.pid}`)]);
  await endChild(child);
});

test("two live trees of one job are seen", async () => {
  const { judges, folder, database, add, change } = aScene();
  add("run_2", "running");
  change({ ...running, activeKey: "a2" }, "run_2");
  const children = ["run_1", "run_2"].map((id) =>
    startChild("sleep", ["300"], { cwd: folder, env: { UNSTUCK_RUN: `${id}.token` } }),
  );
  expect(() => judges.check()).toThrow(/runs twice at once/);
  database.close();
  for (const child of children) await endChild(child);
});

test("a run that is called running without a process, and one that waits for nothing, differ from the truth", () => {
  const { folder, file, change, add } = aScene();
  change({ ...running, pid: 4_194_305 });
  add("run_2", "queued", "b");
  expect(differences(folder, file)).toEqual([
    expect.stringContaining("run_1 (a) is running without a process"),
    expect.stringContaining("run_2 (b) is queued although all its locks are free"),
  ]);
});
