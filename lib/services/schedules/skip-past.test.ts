import { expect, test } from "vitest";
import { aContext } from "@/test/a-context";
import { aJob } from "@/test/factories";
import { createSchedule } from "./save-schedule";
import { skipPast } from "./skip-past";
import { takeDue } from "./take-due";

const START = Date.parse("2026-11-30T00:00:30Z");
const MINUTE = 60_000;

test("times of before a data folder was confirmed start nothing, and those of after it do", async () => {
  const job = aJob();
  let now = START;
  const ctx = { ...aContext({ jobs: [job] }), now: () => now };
  const every = async (expression: string) =>
    (await createSchedule(ctx, job.id, { when: { by: "cron", expression }, timezone: "UTC" })).schedule;
  const [taken, passed, later] = [
    await every("* * * * *"),
    await every("3 * * * *"),
    await every("0 12 * * *"),
  ];
  now = START + MINUTE / 2;
  expect(await takeDue(ctx)).toHaveLength(1);
  now = START + 10 * MINUTE;

  await skipPast(ctx);
  expect(await takeDue(ctx)).toEqual([]);
  const states = async (id: typeof taken.id) => (await ctx.listSlots(id, null, 9)).map(({ state }) => state);
  expect(await states(taken.id)).toEqual(["skipped", "skipped"]);
  expect(await states(passed.id)).toEqual(["skipped"]);
  expect(await states(later.id)).toEqual([]);
  expect((await ctx.findSchedule(passed.id))?.next?.slot).toBe(Date.parse("2026-11-30T01:03:00Z"));

  now = START + 10.5 * MINUTE;
  expect((await takeDue(ctx)).map(({ schedule }) => schedule.id)).toEqual([taken.id]);
});
