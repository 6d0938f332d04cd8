import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

const EVERY_SECOND = { when: { by: "cron", expression: "* * * * * *" }, timezone: "UTC" };
const REASON = "The shop is being moved.";
const HASTY = { UNSTUCK_RECOVERY_BASE_MS: "0" };

let server: TestServer;
let op: Operator;
const dataDir = newDataDir();
async function begin(): Promise<void> {
  server = await startServer({ dataDir, env: HASTY });
  op = operator(server);
}
beforeAll(begin);
afterEach(async () => {
  for (const { id } of await holds()) await op.call("DELETE", `/api/v1/holds/${id}`, 204);
  for (const { id, job } of (await op.call("GET", "/api/v1/schedules", 200)).items)
    await op.call("DELETE", `/api/v1/jobs/${job}/schedules/${id}`, 204);
  await op.endAll();
});
afterAll(cleanUp);

const holds = async (): Promise<Answer[]> => (await op.call("GET", "/api/v1/holds", 200)).items;
const hold = (on: string, more: Record<string, unknown> = {}) =>
  op.call("POST", "/api/v1/holds", 201, { on, reason: REASON, ...more });
const slotsOf = async (job: string, id: string): Promise<Answer[]> =>
  (await op.call("GET", `/api/v1/jobs/${job}/schedules/${id}/slots?limit=200`, 200)).items;

test("a hold on a tag skips the times of its jobs with the reason, of no others, over a kill of the dashboard, until it is released", async () => {
  await op.makeJob("tagged", ["true"], { tags: ["shop"] });
  await op.makeJob("other", ["true"], { tags: ["bank"] });
  const { id } = await hold("tag:shop");
  const held = await op.call("POST", "/api/v1/jobs/tagged/schedules", 201, EVERY_SECOND);
  await op.call("POST", "/api/v1/jobs/other/schedules", 201, EVERY_SECOND);
  await until("times were skipped, and the other job ran", async () => {
    const skipped = (await slotsOf("tagged", held.id)).filter(({ state }) => state === "skipped");
    return skipped.length > 1 && (await op.runsOf("other")).length > 1;
  });
  await server.kill();
  await begin();
  expect(await holds()).toMatchObject([{ id, on: "tag:shop", reason: REASON, until: null }]);
  const before = (await slotsOf("tagged", held.id)).length;
  await until(
    "times after the kill came",
    async () => (await slotsOf("tagged", held.id)).length > before + 1,
  );
  expect(await op.runsOf("tagged")).toEqual([]);
  const reasons = (await slotsOf("tagged", held.id)).filter(({ state }) => state === "skipped");
  expect(reasons.every(({ why }) => why.includes(REASON) && why.includes("jobs tagged shop"))).toBe(true);

  await op.call("DELETE", `/api/v1/holds/${id}`, 204);
  await until("it starts", async () => (await op.runsOf("tagged")).length > 0);
});

test("a recovery waits for the end of a hold, and a person starts meanwhile what is theirs to start", async () => {
  const fifo = makeFifo(join(op.cwd, "held.fifo"));
  await op.makeJob("held", program("exits-when-told", fifo), { autoRecover: true });
  await op.makeJob("by-hand", ["true"]);
  const { id } = await op.running((await op.start("held")).id);
  const { id: holdId } = await hold("all");
  await tell(fifo, 1);
  await op.over(id);
  await op.over((await op.start("by-hand")).id);
  const recovery = () => op.call("GET", "/api/v1/jobs/held/recovery", 200);
  await until("the recovery has met the hold", async () => JSON.stringify(await recovery()).includes(REASON));
  expect(await op.runsOf("held")).toHaveLength(1);
  await op.call("DELETE", `/api/v1/holds/${holdId}`, 204);
  const [next] = await until("it has recovered", async () => {
    const runs = await op.runsOf("held");
    return runs.length > 1 ? runs : null;
  });
  expect(next).toMatchObject({ trigger: "recovery" });
});

test("its end ends it, and what makes no sense is refused at the field", async () => {
  const soon = new Date(Date.now() + 2_000).toISOString();
  await hold("all", { until: soon });
  await until("it is over", async () => (await holds()).length === 0);
  for (const [body, code] of [
    [{ on: "everything", reason: REASON }, "INVALID_INPUT"],
    [{ on: "tag:", reason: REASON }, "INVALID_INPUT"],
    [{ on: "all" }, "INVALID_INPUT"],
    [{ on: "all", reason: "  " }, "INVALID_INPUT"],
    [{ on: "all", reason: REASON, until: "2020-01-01T00:00:00Z" }, "INVALID_INPUT"],
    [{ on: "all", reason: REASON, until: "tomorrow" }, "INVALID_INPUT"],
    [{ on: "job:missing", reason: REASON }, "JOB_NOT_FOUND"],
    [{ on: "all", reason: REASON, surprise: true }, "INVALID_INPUT"],
  ] as const)
    expect((await server.api("POST", "/api/v1/holds", body)).body, JSON.stringify(body)).toMatchObject({
      code,
    });
  expect(await holds()).toEqual([]);
  expect((await server.api("DELETE", `/api/v1/holds/hold_${"0".repeat(20)}`)).body).toMatchObject({
    code: "HOLD_NOT_FOUND",
  });
});
