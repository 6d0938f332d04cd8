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
  server = await startServer();
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

/** From so many cleaned runs on the database answers as if another program held it: the clean-up stands still exactly there. */
function holdAt(count: number): void {
  inDatabase(server.dataDir, (database) =>
    database.exec(
      `DROP TRIGGER IF EXISTS "hold"; CREATE TRIGGER "hold" BEFORE INSERT ON "Audit"
       WHEN NEW."action" = 'run.cleaned' AND (SELECT count(*) FROM "Audit" WHERE "action" = 'run.cleaned') >= ${count}
       BEGIN SELECT RAISE(ABORT, 'database is locked'); END`,
    ),
  );
}

const letGo = () => inDatabase(server.dataDir, (database) => database.exec('DROP TRIGGER "hold"'));
const results = () =>
  JSON.stringify(
    all(`SELECT "result", "detail", count(*) AS "n" FROM "PlanItem" GROUP BY "result", "detail"`),
  );
const stoodStillAt = (count: number) =>
  until(
    () => `${count} are done; it is ${results()}`,
    () => done().length === count,
  );

test("E6 a clean-up goes on where a kill -9 or an orderly end of the dashboard left it, and does nothing twice", async () => {
  const op = operator(server);
  const made = await op.call("GET", `/api/v1/cleanup/plans/${plan}`, 200);
  expect(made.counts).toMatchObject({ planned: MANY });
  holdAt(40);
  await op.call("POST", `/api/v1/cleanup/plans/${plan}/apply`, 202, { reason: "After the crash." });
  await stoodStillAt(40);
  await server.kill();
  const first = done();
  holdAt(80);
  server = await startServer({ dataDir: server.dataDir });
  await stoodStillAt(80);
  expect(await server.stop()).toBe(0);
  const second = done();
  expect(second).toHaveLength(80);
  expect(second).toEqual(expect.arrayContaining(first));
  letGo();
  server = await startServer({ dataDir: server.dataDir });
  const over = await until("the plan is applied", async () => {
    const now = await operator(server).call("GET", `/api/v1/cleanup/plans/${plan}`, 200);
    return now.state === "applying" ? null : now;
  });
  expect(over).toMatchObject({ state: "applied", counts: { done: MANY, planned: 0, skipped: 0, failed: 0 } });
  expect(done()).toEqual(expect.arrayContaining(second));
  const told = all(
    `SELECT count(*) AS events FROM "RunEvent" WHERE "type" = 'cleaned' UNION ALL
     SELECT count(*) FROM "Audit" WHERE "action" = 'run.cleaned' UNION ALL
     SELECT count(*) FROM "Run" WHERE "state" = 'cleaned'`,
  );
  expect(told.map(({ events }) => events)).toEqual([MANY, MANY, MANY]);
});

test("E6 E10 all of a plan is undone at once; an abort ends the next one between two runs", async () => {
  const op = operator(server);
  const undo = await op.call("POST", `/api/v1/cleanup/plans/${plan}/undo`, 200, { reason: "A drill." });
  expect(undo).toMatchObject({ state: "undone", counts: { undone: MANY, done: 0 } });
  const { id } = await op.call("POST", "/api/v1/cleanup/plans", 201, {});
  holdAt(MANY + 10);
  await op.call("POST", `/api/v1/cleanup/plans/${id}/apply`, 202, {});
  await stoodStillAt(10);
  const aborted = await op.call("POST", `/api/v1/cleanup/plans/${id}/abort`, 202, {});
  letGo();
  expect(aborted).toMatchObject({ state: "aborted", counts: { done: 10, planned: MANY - 10 } });
  expect(await op.call("POST", `/api/v1/cleanup/plans/${id}/apply`, 409, {})).toMatchObject({
    code: "PLAN_STATE",
  });
  // Another plan is carried out after it, so nothing of the aborted one can still be under way.
  const last = await op.call("POST", "/api/v1/cleanup/plans", 201, { runs: [undone()] });
  await op.call("POST", `/api/v1/cleanup/plans/${last.id}/apply`, 202, {});
  await until("the next one is applied", async () => {
    const now = await op.call("GET", `/api/v1/cleanup/plans/${last.id}`, 200);
    return now.state === "applied";
  });
  expect(all(`SELECT 1 FROM "Run" WHERE "state" = 'cleaned'`)).toHaveLength(11);
});

const undone = (): string => all(`SELECT max("id") AS "id" FROM "Run" WHERE "state" = 'interrupted'`)[0].id;
