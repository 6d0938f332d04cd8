import { expect, test } from "vitest";
import type { Schedule } from "@/lib/domain/schedule";
import { aContext } from "@/test/a-context";
import { aJob } from "@/test/factories";
import { createSchedule } from "./save-schedule";
import { upcomingTimes } from "./upcoming";

const FROM = Date.parse("2026-11-30T00:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function given(expression: string, more: Partial<Schedule> = {}): Promise<Schedule> {
  const job = aJob();
  const ctx = { ...aContext({ jobs: [job] }), now: () => FROM };
  const when = { by: "cron", expression } as const;
  return (await createSchedule(ctx, job.id, { when, timezone: "UTC", ...more })).schedule;
}

test("all times of the stretch are there, the first moment of it included and the last not", async () => {
  const { times, sampledMs } = upcomingTimes(await given("0 */6 * * *"), FROM, FROM + DAY);
  expect(times).toEqual([0, 6, 12, 18].map((hour) => FROM + hour * HOUR));
  expect(sampledMs).toBeNull();
});

test("one that comes often is looked at once in each part of the time, over all of it", async () => {
  const { times, sampledMs } = upcomingTimes(await given("* * * * * *"), FROM, FROM + DAY);
  expect(sampledMs).toBe(600_000);
  expect(times).toEqual(Array.from({ length: 144 }, (_, part) => FROM + part * 600_000));
});

test("a pause in between stays one", async () => {
  const { times, sampledMs } = upcomingTimes(await given("* 8,20 * * *"), FROM, FROM + DAY);
  expect(sampledMs).toBe(600_000);
  const minutes = [0, 10, 20, 30, 40, 50].map((minute) => minute * 60_000);
  expect(times).toEqual([8, 20].flatMap((hour) => minutes.map((minute) => FROM + hour * HOUR + minute)));
});

test("one that ends before has none", async () => {
  const schedule = await given("0 * * * *", { endsAt: FROM + HOUR + 1 });
  expect(upcomingTimes(schedule, FROM + 2 * HOUR, FROM + DAY).times).toEqual([]);
});

test("a part begins where the clock does, not where the last time was", async () => {
  const { times } = upcomingTimes(await given("7-59 * * * *"), FROM, FROM + DAY);
  expect(times.slice(0, 7).map((at) => (at - FROM) / 60_000)).toEqual([7, 10, 20, 30, 40, 50, 67]);
});
