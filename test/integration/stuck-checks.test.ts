import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Operator, operator } from "../operator";
import { program } from "../programs";
import { type Answer, cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const HOUR = 3_600_000;
/** About two seconds: often enough for a test, seldom enough that it sees what is between two. */
const OFTEN = "0.0005";

let server: TestServer;
let op: Operator;

const dataDir = newDataDir();
const clock = join(dataDir, "clock");
let hoursAhead = 0;

/** The wall clock of the dashboard, which outlives it as a real one does. */
function forward(hours: number): void {
  hoursAhead += hours;
  writeFileSync(clock, String(hoursAhead * HOUR));
}

async function begin(every: string): Promise<void> {
  const env = { UNSTUCK_TEST_CLOCK: clock, UNSTUCK_STUCK_CHECK_HOURS: every, UNSTUCK_LOG_LEVEL: "info" };
  server = await startServer({ dataDir, env });
  op = operator(server);
}

beforeAll(() => {
  forward(0);
  return begin(OFTEN);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const stuck = () => op.call("GET", "/api/v1/stuck", 200);
const alerts = async (query = "") => (await op.call("GET", `/api/v1/alerts${query}`, 200)).items;

/** A check may come between the end of a process and the word of it: then the run is orphaned, and told as that. */
const named = ({ dead, resumable, orphaned }: Answer): number => dead + resumable + orphaned;

async function interrupted(job: string, left: string | null = null, more: Record<string, unknown> = {}) {
  const run = await op.runningJob(job, program("forever"), { checkpoint: `${job}.cp`, ...more });
  if (left !== null) writeFileSync(join(op.cwd, `${job}.cp`), left);
  process.kill(run.pid, "SIGKILL");
  return op.over(run.id);
}

/** The time of the next check that ends from now on. */
async function nextCheck(): Promise<Answer> {
  const before = (await stuck()).lastCheck?.at ?? null;
  return until("the next check is done", async () => {
    const { lastCheck } = await stuck();
    return lastCheck !== null && lastCheck.at !== before ? lastCheck : null;
  });
}

const checksInAudit = () => audited("stuck.checked").length;

function audited(action: string): Answer[] {
  const database = new Database(join(server.dataDir, "unstuck.db"), { readonly: true });
  try {
    return database.prepare("SELECT * FROM Audit WHERE action = ?").all(action);
  } finally {
    database.close();
  }
}

test("E7 the periodic check alerts once about what is new, cleans nothing, and leaves its trace", async () => {
  const dead = await interrupted("dead");
  await interrupted("resumable", "page 2");
  forward(30);
  const alert = await until("an alert names both", async () =>
    (await alerts()).find(({ counts }: Answer) => named(counts) === 2),
  );
  expect(alert).toMatchObject({
    kind: "stuck",
    acknowledgedAt: null,
    title: expect.stringMatching(/2 runs/),
  });
  const told = (await alerts()).length;
  await nextCheck();
  await nextCheck();
  expect(await alerts(), "the same ones are not told again").toHaveLength(told);
  expect(await op.run(dead.id), "nothing is cleaned").toMatchObject({
    state: "interrupted",
    unsettled: true,
  });
  expect(server.output()).toContain("stuck.checked");
  expect(checksInAudit()).toBeGreaterThan(1);

  const seen = await op.call("POST", `/api/v1/alerts/${alert.id}/acknowledge`, 200, {});
  expect(seen).toMatchObject({ id: alert.id, acknowledgedBy: "operator" });
  const again = await op.call("POST", `/api/v1/alerts/${alert.id}/acknowledge`, 200, {});
  expect(again.acknowledgedAt).toBe(seen.acknowledgedAt);
  expect((await alerts("?open=1")).map(({ id }: Answer) => id)).not.toContain(alert.id);
  await op.call("POST", "/api/v1/alerts/alert_0/acknowledge", 404, {});
  await nextCheck();
  expect(await alerts(), "what was acknowledged is not told again").toHaveLength(told);

  const fresh = await interrupted("fresh");
  const second = await until("a new run makes a new alert", async () => {
    const [newest] = await alerts();
    return newest.id !== alert.id && named(newest.counts) === 3 ? newest : null;
  });
  expect(second.detail).toMatch(/^One of them is new/);
  expect(await op.run(fresh.id)).toMatchObject({ state: "interrupted" });
});

test("E7 a job whose policy says so has its dead runs cleaned by a plan, the old ones alone and never a resumable one", async () => {
  const old = await interrupted("cleans", null, { onStuck: "clean" });
  const kept = await interrupted("cleans-not", "page 5", { onStuck: "clean" });
  await nextCheck();
  await nextCheck();
  expect(await op.run(old.id), "it is young").toMatchObject({ state: "interrupted" });
  forward(25);
  const cleaned = await op.runThat(old.id, "is cleaned", ({ state }: Answer) => state === "cleaned");
  expect(cleaned.reason).toBe((await op.run(kept.id)).reason);
  await nextCheck();
  expect(await op.run(kept.id)).toMatchObject({ state: "interrupted", unsettled: true });
  const { plans } = await op.call("GET", "/api/v1/jobs/cleans/cleanups", 200);
  expect(plans.items).toMatchObject([{ trigger: "policy", actor: "system" }]);
});

test("E8 starting the dashboard neither cleans anything nor brings a check forward", async () => {
  const dead = await interrupted("policy", null, { onStuck: "clean" });
  await nextCheck();
  await server.kill();
  const before = checksInAudit();
  // Long overdue by the wall clock: even so nothing happens because the server starts.
  forward(400);
  const now = Date.now() + hoursAhead * HOUR;
  await begin("6");
  await op.makeJob("after", program("exits-with", 0));
  await op.over((await op.start("after")).id);
  expect(now - Date.parse((await stuck()).lastCheck.at)).toBeGreaterThan(300 * HOUR);
  expect(checksInAudit()).toBe(before);
  expect(await op.run(dead.id)).toMatchObject({ state: "interrupted", unsettled: true });
});

test("a verdict that an earlier dashboard had no time to keep is kept by the next one", async () => {
  await interrupted("unread");
  const kept = async () => (await op.runsOf("unread"))[0].verdict;
  await until("its verdict is kept", async () => (await kept()) === "dead");
  await server.kill();
  const database = new Database(join(server.dataDir, "unstuck.db"));
  database.prepare('UPDATE "Run" SET "verdict" = NULL, "verdictAt" = NULL').run();
  database.close();
  await begin("0");
  await until("the next dashboard keeps it", async () => (await kept()) === "dead");
});
