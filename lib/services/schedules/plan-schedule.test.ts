import { describe, expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { aJob } from "@/test/factories";
import { intervalAfter, nextSlot, planFrom, refuseIdle } from "./plan-schedule";
import { createSchedule } from "./save-schedule";

const NOW = Date.parse("2026-11-30T00:00:30Z");
const HOUR = 3_600_000;

async function given(expression: string, more: Record<string, unknown> = {}) {
  const ctx = { ...aContext({ jobs: [aJob()] }), now: () => NOW };
  const when = { by: "cron", expression } as const;
  const { schedule } = await createSchedule(ctx, aJob().id, { when, timezone: "UTC", ...more });
  return { ctx, schedule };
}

describe("the next time", () => {
  test("is the first after a moment; jitter makes it due later and leaves its name", async () => {
    const { schedule } = await given("0 * * * *", { jitterMs: 60_000 });
    const next = nextSlot(schedule, NOW);
    expect(next?.slot).toBe(Date.parse("2026-11-30T01:00:00Z"));
    const late = (next?.dueAt ?? 0) - (next?.slot ?? 0);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThanOrEqual(60_000);
    expect(nextSlot(schedule, NOW)).toEqual(next);
  });

  test("is none for one that is not enabled, or after its end", async () => {
    const { schedule } = await given("0 * * * *", { endsAt: NOW + 2 * HOUR });
    expect(planFrom({ ...schedule, enabled: false }, NOW).next).toBeNull();
    expect(planFrom(schedule, NOW).next?.slot).toBe(Date.parse("2026-11-30T01:00:00Z"));
    expect(planFrom(schedule, NOW + 2 * HOUR).next).toBeNull();
  });
});

test("the interval after a time is that to the next one, however uneven; none after the last", async () => {
  const { schedule } = await given("0 1,4 * * *", { endsAt: Date.parse("2026-11-30T05:00:00Z") });
  const first = nextSlot(schedule, NOW) ?? undefined;
  expect(intervalAfter(schedule, first)).toBe(3 * HOUR);
  const last = nextSlot(schedule, first?.slot ?? 0) ?? undefined;
  expect(intervalAfter(schedule, last)).toBeNull();
  expect(intervalAfter(schedule, undefined)).toBeNull();
});

test("what never comes is refused with the reason", async () => {
  const { ctx, schedule } = await given("0 * * * *");
  const never = { ...schedule, when: { by: "cron", expression: "0 0 31 2 *" } as const };
  await expectRefusal(ctx, "SCHEDULE_REFUSED", () => Promise.resolve().then(() => refuseIdle(never, NOW)));
});
