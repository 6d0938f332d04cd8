import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inDatabase } from "../doctored";
import { oneServer } from "../one-server";
import { operator } from "../operator";
import { isRunning, kill, launcherOf, processesOfRun } from "../processes";
import { program } from "../programs";
import { type Answer, startServer } from "../server";
import { until } from "../until";

/** What a run does between the making of a plan and its application. */

const its = oneServer();

const planOf = (runs: readonly string[]) => its.op.call("POST", "/api/v1/cleanup/plans", 201, { runs });

/** A plan over live runs that was made while their processes could not be found: each is still to be cleaned. */
async function planOfLost(runs: readonly Answer[]): Promise<Answer> {
  const plan = await planOf(runs.map(({ id }) => id));
  expect(plan.counts).toMatchObject({ planned: 0, kept: runs.length });
  inDatabase(its.server.dataDir, (database) =>
    database
      .prepare(
        `UPDATE "PlanItem" SET "action" = 'clean', "result" = 'planned', "verdict" = 'dead', "health" = 'orphaned' WHERE "planId" = ?`,
      )
      .run(plan.id),
  );
  return plan;
}

async function applied(plan: string): Promise<Record<string, Answer>> {
  await its.op.call("POST", `/api/v1/cleanup/plans/${plan}/apply`, 202, { reason: "Morning round." });
  await until("the plan is applied", async () => {
    const { state } = await its.op.call("GET", `/api/v1/cleanup/plans/${plan}`, 200);
    return state === "applied";
  });
  const page = await its.op.call("GET", `/api/v1/cleanup/plans/${plan}/items`, 200);
  return Object.fromEntries(page.items.map((item: Answer) => [item.run, item]));
}

const typesOf = async (run: string) => (await its.op.events(run)).map(({ type }: Answer) => type);

/** Its launcher first, so that nobody tells how the program ended. */
function wipeOut(run: Answer): void {
  kill(launcherOf(run), "SIGKILL");
  kill(run.pid, "SIGKILL");
}

test("E2 E6 an active run that is really gone is first written down as interrupted, and then cleaned; one that is alive after all is left alone", async () => {
  const gone = await its.op.runningJob("gone", program("forever"));
  const alive = await its.op.runningJob("alive", program("forever"));
  // The next dashboard is not their parent: nobody tells it of an end, it has to look.
  await its.server.kill();
  its.server = await startServer({ dataDir: its.server.dataDir });
  its.op = operator(its.server);
  const plan = await planOfLost([gone, alive]);
  wipeOut(gone);
  // At once, so that it is the plan that looks and not the next sweep.
  const items = await applied(plan.id);
  expect(items[gone.id]).toMatchObject({ result: "done", runState: "running" });
  expect(await its.op.run(gone.id)).toMatchObject({
    state: "cleaned",
    cause: "launcher_killed",
    unsettled: false,
  });
  const types = await typesOf(gone.id);
  expect(types.indexOf("lost")).toBeGreaterThan(-1);
  expect(types.indexOf("cleaned")).toBeGreaterThan(types.indexOf("lost"));

  expect(items[alive.id]).toMatchObject({ result: "skipped" });
  expect(items[alive.id]?.detail).toBe("It is running: what is not proven gone is not cleaned.");
  expect(await its.op.run(alive.id)).toMatchObject({ state: "running", pid: alive.pid });
  expect(isRunning(alive.pid)).toBe(true);
  expect(await typesOf(alive.id)).not.toContain("signal_sent");
});

test("E2 E6 a run that was gone on from after the plan was made is skipped, and what goes on is not touched", async () => {
  const first = await its.op.runningJob("goes-on", program("forever"), { checkpoint: "goes-on.json" });
  writeFileSync(join(its.op.cwd, "goes-on.json"), '{"page":9}');
  kill(first.pid, "SIGKILL");
  await its.op.over(first.id);
  const plan = await planOf([first.id]);
  expect(plan.counts).toMatchObject({ planned: 1 });
  const child = await its.op.running((await its.op.start("goes-on", { mode: "resume" })).id);
  expect(child).toMatchObject({ parentRunId: first.id, lineageId: first.lineageId });

  const items = await applied(plan.id);
  expect(items[first.id]).toMatchObject({ result: "skipped", detail: expect.stringMatching(/newer run/) });
  expect(await its.op.run(first.id)).toMatchObject({ state: "interrupted", unsettled: false });
  expect(await typesOf(first.id)).not.toContain("cleaned");
  expect(await its.op.run(child.id)).toMatchObject({ state: "running", pid: child.pid });
  expect(processesOfRun(child.id).length).toBeGreaterThan(0);
});

test("E6 a run that was cleaned and put back since the plan was made is not cleaned by that plan", async () => {
  const run = await its.op.runningJob("put-back", program("forever"));
  kill(run.pid, "SIGKILL");
  await its.op.over(run.id);
  const [early, later] = [await planOf([run.id]), await planOf([run.id])];
  await applied(later.id);
  expect(await its.op.run(run.id)).toMatchObject({ state: "cleaned" });
  await its.op.call("POST", `/api/v1/cleanup/plans/${later.id}/undo`, 200, { reason: "Keep it." });
  // Somebody has just decided to keep it: an older list must not overrule that.
  const items = await applied(early.id);
  expect(items[run.id]).toMatchObject({
    result: "skipped",
    detail: expect.stringMatching(/changed since the plan was made/),
  });
  expect(await its.op.run(run.id)).toMatchObject({ state: "interrupted", unsettled: true });
});
