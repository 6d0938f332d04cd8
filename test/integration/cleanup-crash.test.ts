import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inDatabase } from "../doctored";
import { operator } from "../operator";
import { program } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

const MANY = 150;

let server: TestServer;
let plan: string;

beforeAll(async () => {
  server = await startServer({ env: { UNSTUCK_FAULT: "before-item:41" } });
  const op = operator(server);
  await op.makeJob("many", program("kills-itself", "KILL"));
  await op.over((await op.start("many")).id);
  multiply();
  plan = (await op.call("POST", "/api/v1/cleanup/plans", 201, {})).id;
});

afterAll(cleanUp);

/** Leaves so many dead runs behind as a crash of a large host would: rows like that of the one that really ran. */
function multiply(): void {
  inDatabase(server.dataDir, (database) => {
    const names = (database.pragma('table_info("Run")') as Answer[]).map(({ name }) => `"${name}"`);
    const values = names.map((name) => VALUES[name] ?? name);
    database
      .prepare(
        `WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ${MANY})
         INSERT INTO "Run" (${names.join(", ")}) SELECT ${values.join(", ")} FROM "Run", count`,
      )
      .run();
  });
}

const OLD = `strftime('%s', 'now') * 1000 - 172800000`;
const VALUES: Readonly<Record<string, string>> = {
  '"id"': `'run_000000000000000' || printf('%05d', n)`,
  '"lineageId"': `'run_000000000000000' || printf('%05d', n)`,
  '"state"': `'interrupted'`,
  '"unsettled"': "1",
  '"queuedAt"': OLD,
  '"startedAt"': OLD,
};

const all = (sql: string): Answer[] =>
  inDatabase(server.dataDir, (database) => database.prepare(sql).all()) as Answer[];
const done = () => all(`SELECT "runId", "at" FROM "PlanItem" WHERE "result" = 'done' ORDER BY "runId"`);

const counts = () =>
  all(
    `SELECT count(*) AS "n" FROM "RunEvent" WHERE "type" = 'cleaned' UNION ALL
     SELECT count(*) FROM "Audit" WHERE "action" = 'run.cleaned' UNION ALL
     SELECT count(*) FROM "Run" WHERE "state" = 'cleaned' UNION ALL
     SELECT count(*) FROM "PlanItem" WHERE "result" = 'done'`,
  ).map(({ n }) => n);

function over(id: string): Promise<Answer> {
  return until("the plan is carried out", async () => {
    const now = await operator(server).call("GET", `/api/v1/cleanup/plans/${id}`, 200);
    return now.state === "applying" ? null : now;
  });
}

test("E6 a clean-up goes on where a kill -9 or an orderly end of the dashboard left it, and does nothing twice", async () => {
  const made = await operator(server).call("GET", `/api/v1/cleanup/plans/${plan}`, 200);
  expect(made.counts).toMatchObject({ planned: MANY });
  // Its answer may be lost with the dashboard, which ends itself before the 41st run.
  await server.api("POST", `/api/v1/cleanup/plans/${plan}/apply`, { reason: "Crash." }).catch(() => null);
  await server.gone;
  const first = done();
  expect(first).toHaveLength(40);
  expect(counts()).toEqual([40, 40, 40, 40]);
  server = await startServer({ dataDir: server.dataDir });
  expect(await server.stop()).toBe(0);
  const second = done();
  expect(second).toEqual(expect.arrayContaining(first));
  expect(new Set(counts()).size, "rows, events and audit are of one mind").toBe(1);
  server = await startServer({ dataDir: server.dataDir });
  expect(await over(plan)).toMatchObject({
    state: "applied",
    counts: { done: MANY, planned: 0, skipped: 0, failed: 0 },
  });
  expect(done()).toEqual(expect.arrayContaining(second));
  expect(counts()).toEqual([MANY, MANY, MANY, MANY]);
});

test("E6 E10 all of a plan is undone at once; an abort ends the next one between two runs", async () => {
  const op = operator(server);
  const undo = await op.call("POST", `/api/v1/cleanup/plans/${plan}/undo`, 200, { reason: "A drill." });
  expect(undo).toMatchObject({ state: "undone", counts: { undone: MANY, done: 0 } });
  // All are of one job, so the run that really ran is newer than they and has decided about them; here nobody has.
  inDatabase(server.dataDir, (database) =>
    database.exec(`UPDATE "Run" SET "unsettled" = 1 WHERE "state" = 'interrupted'`),
  );
  const { id } = await op.call("POST", "/api/v1/cleanup/plans", 201, {});
  await op.call("POST", `/api/v1/cleanup/plans/${id}/apply`, 202, {});
  const aborted = await server.api("POST", `/api/v1/cleanup/plans/${id}/abort`, {});
  // It may be over before the abort comes; what is answered must be the truth either way.
  expect([202, 409]).toContain(aborted.status);
  const after = await over(id);
  const { done: cleaned, planned } = after.counts;
  expect(cleaned + planned).toBe(MANY);
  if (aborted.status === 202) expect(aborted.body).toMatchObject({ state: "aborted", counts: after.counts });
  // Another plan is carried out after it, so nothing of the aborted one can still be under way.
  const rest = await op.call("POST", "/api/v1/cleanup/plans", 201, {});
  expect(rest.counts.planned).toBe(planned);
  await op.call("POST", `/api/v1/cleanup/plans/${rest.id}/apply`, 202, {});
  expect(await over(rest.id)).toMatchObject({ state: "applied", counts: { done: planned } });
  expect((await op.call("GET", `/api/v1/cleanup/plans/${id}`, 200)).counts).toEqual(after.counts);
});

test("E5 a deletion that a kill -9 cuts off between rows and files is gone on with by the next dashboard", async () => {
  const op = operator(server);
  await op.makeJob("cut-off", program("exits-with", 0));
  const first = await op.over((await op.start("cut-off")).id);
  await op.over((await op.start("cut-off")).id);
  const log = join(server.dataDir, "cut-off", "logs", `${first.id}.log`);
  const asked = { job: "cut-off", olderThanHours: 0 };
  const { id } = await op.call("POST", "/api/v1/deletion/plans", 201, asked);
  expect(await server.stop()).toBe(0);
  server = await startServer({ dataDir: server.dataDir, env: { UNSTUCK_FAULT: "before-files" } });
  const path = `/api/v1/deletion/plans/${id}/apply`;
  await server.api("POST", path, { confirm: "cut-off" }).catch(() => null);
  await server.gone;
  expect(all(`SELECT 1 FROM "Run" WHERE "id" = '${first.id}'`)).toEqual([]);
  expect(existsSync(log)).toBe(true);
  server = await startServer({ dataDir: server.dataDir });
  expect(await over(id)).toMatchObject({ state: "applied", counts: { done: 1, kept: 1, failed: 0 } });
  expect(existsSync(log)).toBe(false);
});
