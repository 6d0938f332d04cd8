import { createHash } from "node:crypto";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { DryRunAnswer } from "@/lib/contracts/cleanup";
import { StraysAnswer } from "@/lib/contracts/stray";
import { StuckAnswer } from "@/lib/contracts/stuck";
import { type Cli, inTerminal, unstuck } from "../cli";
import { type Operator, operator } from "../operator";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

/** The real clean-up by the command line; cli-questions.test.ts has what a real dashboard does only in a race. */

let server: TestServer;
let op: Operator;
let dead: Answer;
let resumable: Answer;

const OLD_ENOUGH = ["--age-hours", "0", "--allow-short"];

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
  dead = await interrupted("dead", "exec sleep 3600");
  resumable = await interrupted("going", `echo '{"page":4}' >state.json; echo ready; exec sleep 3600`, {
    checkpoint: "state.json",
  });
});
afterEach(() => op.endAll());
afterAll(cleanUp);

/** A run that somebody outside has killed. */
async function interrupted(job: string, script: string, more: Record<string, unknown> = {}): Promise<Answer> {
  const run = await op.runningJob(job, ["sh", "-c", script], more);
  if (script.includes("ready"))
    await until("it is ready", async () => String(await op.log(run.id)).includes("ready"));
  process.kill(run.pid, "SIGKILL");
  return op.runThat(run.id, "is interrupted", ({ state }) => state === "interrupted");
}

const cli = (...args: string[]) => unstuck({ socketOf: server.dataDir }, args, { cwd: op.cwd });

const inTheTerminal = (line: string) =>
  inTerminal({ socketOf: server.dataDir }, `exec $UNSTUCK ${line}`, {
    cwd: op.cwd,
    env: { TERM: "xterm", NO_COLOR: "1" },
  });

const asks = (called: Cli, question: string) =>
  until(
    () => `it asks ${question}; it said ${called.output()}`,
    () => stripVTControlCharacters(called.output()).includes(question),
  );

/** Of all that is written down; but the dashboard's own heartbeat, which changes by itself. */
function databaseHash(): string {
  const database = new Database(join(server.dataDir, "unstuck.db"), { readonly: true });
  try {
    const hash = createHash("sha256");
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .pluck()
      .all();
    for (const name of tables as string[]) {
      if (name === "Worker") continue;
      const rows = database.prepare(`SELECT * FROM "${name}" ORDER BY rowid`).safeIntegers().raw().all();
      hash.update(
        JSON.stringify([name, rows], (_, value) => (typeof value === "bigint" ? String(value) : value)),
      );
    }
    return hash.digest("hex");
  } finally {
    database.close();
  }
}

/** What follows the end of a run (its usage, its verdict) has been written when nothing changes any more. */
async function settledHash(): Promise<string> {
  let before = "";
  let same = 0;
  return until("the database is at rest", () => {
    const now = databaseHash();
    same = now === before ? same + 1 : 0;
    before = now;
    return same >= 20 ? now : null;
  });
}

test("E5 a dry run shows what would become of each run and changes nothing: the database is the same before and after", async () => {
  const before = await settledHash();
  const called = cli("cleanup", "--dry-run", ...OLD_ENOUGH);
  expect(await called.ended, called.output()).toMatchObject({ code: 0 });
  expect(called.out()).toMatch(new RegExp(`${dead.id} +dead .* cleaned `));
  expect(called.out()).toMatch(/This was a dry run; nothing was changed\.\n$/);
  for (const line of called.out().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  const json = cli("cleanup", "--dry-run", "--json", ...OLD_ENOUGH);
  expect(await json.ended).toMatchObject({ code: 0 });
  const { items } = DryRunAnswer.parse(JSON.parse(json.out()));
  expect(items.find(({ run }) => run === dead.id)).toMatchObject({ action: "clean", verdict: "dead" });
  expect(items.filter(({ run, action }) => run === resumable.id && action !== "keep")).toEqual([]);
  expect(databaseHash()).toBe(before);
});

test("E5 no, and Ctrl-C, leave the database as it was", async () => {
  const before = await settledHash();
  for (const [keys, code] of [
    ["n\r", 3],
    ["\x03", 130],
  ] as const) {
    const called = inTheTerminal(`cleanup ${OLD_ENOUGH.join(" ")}`);
    await asks(called, "Clean this run?");
    called.type(keys);
    expect(await called.ended).toMatchObject({ code });
  }
  expect(databaseHash()).toBe(before);
});

test("E2 E5 E10 yes cleans the dead run and keeps the resumable one; undo puts it back; --auto cleans it again", async () => {
  const called = inTheTerminal(`cleanup ${OLD_ENOUGH.join(" ")} --reason tidy`);
  await asks(called, "Clean this run?");
  called.type("y\r");
  expect(await called.ended, called.output()).toMatchObject({ code: 0 });
  expect(await op.run(dead.id)).toMatchObject({ state: "cleaned" });
  expect(await op.run(resumable.id)).toMatchObject({ state: "interrupted" });
  const [, plan = ""] = /(plan_\w+) applied/.exec(called.output()) ?? [];
  const undo = cli("cleanup", "--undo", plan, "--reason", "too early");
  expect(await undo.ended, undo.output()).toMatchObject({ code: 0 });
  expect(await op.run(dead.id)).toMatchObject({ state: "interrupted" });
  const auto = cli("cleanup", "--auto", "--json", ...OLD_ENOUGH);
  expect(await auto.ended, auto.output()).toMatchObject({ code: 0 });
  expect(DryRunAnswer.parse(JSON.parse(auto.out())).plan).toMatchObject({
    state: "applied",
    counts: { done: 1 },
  });
  expect(await op.run(dead.id)).toMatchObject({ state: "cleaned" });
});

test("E12 a short threshold needs its override, and nothing old is nothing to clean", async () => {
  const short = cli("cleanup", "--auto", "--age-hours", "1");
  expect(await short.ended).toMatchObject({ code: 64 });
  expect(short.err()).toMatch(/12 h/);
  const old = cli("cleanup", "--auto", "--age-hours", "48");
  expect(await old.ended).toMatchObject({ code: 0 });
  expect(old.out()).toBe("There is nothing to clean up.\n");
});

test("stuck and strays answer in the shape of their contracts, and a resumable run goes on", async () => {
  const stuck = cli("stuck", "--json");
  expect(await stuck.ended).toMatchObject({ code: 0 });
  const { items } = StuckAnswer.parse(JSON.parse(stuck.out()));
  expect(items.map(({ run, category }) => [run.id, category])).toContainEqual([resumable.id, "resumable"]);
  const listed = cli("stuck");
  await listed.ended;
  expect(listed.out()).toMatch(/^1 resumable/);
  const strays = cli("strays", "--json");
  expect(await strays.ended).toMatchObject({ code: 0 });
  expect(StraysAnswer.parse(JSON.parse(strays.out())).items).toEqual([]);
  const resumed = cli("resume", "going", "--json");
  expect(await resumed.ended, resumed.output()).toMatchObject({ code: 0 });
  expect(JSON.parse(resumed.out()).run).toMatchObject({ parentRunId: resumable.id });
});

test("E5 deleting asks for the job's name and then deletes its old runs, and keeps the newest", async () => {
  const newer = await op.running((await op.start("dead")).id);
  await op.stop("dead", { graceMs: 0 });
  await op.over(newer.id);
  const line = "cleanup --delete --job dead --age-hours 0";
  const wrong = inTheTerminal(line);
  await asks(wrong, "Type the job's name");
  wrong.type("deed\r");
  expect(await wrong.ended).toMatchObject({ code: 3 });
  expect(await op.runsOf("dead")).toHaveLength(2);
  const right = inTheTerminal(line);
  await asks(right, "Type the job's name");
  right.type("dead\r");
  expect(await right.ended, right.output()).toMatchObject({ code: 0 });
  expect((await op.runsOf("dead")).map(({ id }: Answer) => id)).toEqual([newer.id]);
});
