import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inDatabase } from "../doctored";
import { type Operator, operator } from "../operator";
import { processesOfRuns } from "../processes";
import { program } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

const ROUNDS = 4;
const CLIENTS = 20;

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

const rows = (sql: string): Answer[] =>
  inDatabase(server.dataDir, (database) => database.prepare(sql).all()) as Answer[];

/** Its process is killed from outside: interrupted, and nobody has decided about it. */
async function interrupted(run: Answer): Promise<Answer> {
  process.kill((await op.running(run.id)).pid, "SIGKILL");
  return op.runThat(run.id, "is interrupted", ({ state }) => state === "interrupted");
}

const tickedPlan = (runId: string) => server.api("POST", "/api/v1/cleanup/plans", { runs: [runId] });
const applyPlan = (plan: string) =>
  server.api("POST", `/api/v1/cleanup/plans/${plan}/apply`, { reason: "Race." });

/** What the twenty do, all at once. */
function client(number: number, run: Answer, plans: readonly string[]): Promise<Answer> {
  const start = (body: object) => server.api("POST", `/api/v1/jobs/${run.job}/start`, body);
  switch (number % 5) {
    case 0:
      return start({ mode: "auto" });
    case 1:
      return start({ mode: "resume" });
    case 2:
      return start({ mode: "fresh" });
    case 3:
      return applyPlan(plans[number % plans.length] ?? "");
    default:
      return tickedPlan(run.id).then(({ body }) => applyPlan(body.id));
  }
}

test("E4 E6 cleaning, resuming and starting one job from 20 clients at once: one process, and no run both cleaned and gone on from", async () => {
  const checkpoint = join(op.cwd, "race.json");
  await op.makeJob("race", program("forever"), { checkpoint });
  let run = await op.start("race");
  for (let round = 0; round < ROUNDS; round += 1) {
    run = await interrupted(run);
    // Every other time there is something to resume.
    if (round % 2 === 0) writeFileSync(checkpoint, '{"page":9}');
    else rmSync(checkpoint, { force: true });
    const made = await Promise.all([0, 1, 2].map(() => tickedPlan(run.id)));
    const plans = made.map(({ body }) => body.id);
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, number) => client((number * 7 + round) % CLIENTS, run, plans)),
    );
    const odd = answers.filter(({ status }) => ![202, 409].includes(status));
    expect(odd.map(({ status, body }) => ({ status, body }))).toEqual([]);
    await until(
      "every plan is carried out",
      () => rows(`SELECT 1 FROM "Plan" WHERE "state" = 'applying'`).length === 0,
    );
    const active = rows(`SELECT * FROM "Run" WHERE "activeKey" IS NOT NULL`);
    expect(active).toHaveLength(1);
    run = await op.running(active[0].id);
    const alive = new Set(
      processesOfRuns((marker) => active.some(({ id }) => marker.startsWith(`${id}.`))).map(
        ({ marker }) => marker,
      ),
    );
    expect(alive.size, "runs with a process").toBe(1);
    expectConsistent();
  }
});

/** What rows, events and audit say of each run must be the same story. */
function expectConsistent(): void {
  const both = rows(
    `SELECT parent."id" FROM "Run" parent JOIN "Run" child ON child."parentRunId" = parent."id"
     WHERE parent."state" = 'cleaned' OR EXISTS (SELECT 1 FROM "Audit" WHERE "runId" = parent."id" AND "action" = 'run.cleaned')`,
  );
  expect(both, "runs that were cleaned and gone on from").toEqual([]);
  const stories = rows(
    `SELECT "id", "state", "unsettled",
       (SELECT count(*) FROM "RunEvent" WHERE "runId" = "Run"."id" AND "type" = 'cleaned') AS events,
       (SELECT count(*) FROM "Audit" WHERE "runId" = "Run"."id" AND "action" = 'run.cleaned') AS audits,
       (SELECT count(*) FROM "PlanItem" WHERE "runId" = "Run"."id" AND "result" = 'done') AS done,
       (SELECT count(*) FROM "Audit" WHERE "runId" = "Run"."id" AND "action" = 'run.start_requested') AS starts
     FROM "Run"`,
  );
  for (const story of stories) {
    const cleaned = story.state === "cleaned" ? 1 : 0;
    expect(story, story.id).toMatchObject({ events: cleaned, audits: cleaned, done: cleaned, starts: 1 });
    // A newer run is there for each run that is over: somebody has decided.
    expect(story.unsettled, story.id).toBe(0);
  }
}
