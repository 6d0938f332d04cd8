import { describe, expect, test } from "vitest";
import { type Schedule, USUAL_MISSED } from "@/lib/domain/schedule";
import { aContext } from "@/test/a-context";
import { aJob } from "@/test/factories";
import { createSchedule } from "./save-schedule";
import { takeDue } from "./take-due";

const START = Date.parse("2026-11-30T00:00:30Z");
const MINUTE = 60_000;
const iso = (at: number) => new Date(at).toISOString().slice(0, 19);

/** A schedule of every minute, made half a minute after midnight, and a clock that the test sets. */
async function given(input: Partial<Schedule> = {}) {
  const job = aJob();
  let now = START;
  const ctx = { ...aContext({ jobs: [job] }), now: () => now };
  const when = { by: "cron", expression: "* * * * *" } as const;
  const { schedule } = await createSchedule(ctx, job.id, { when, timezone: "UTC", ...input });
  const slots = async () =>
    (await ctx.listSlots(schedule.id, null, 100)).map(
      ({ slot, state, count }) => `${iso(slot)} ${state} ${count}`,
    );
  return {
    ctx,
    schedule,
    slots,
    at: (ms: number) => (now = START + ms),
    fires: async () => (await takeDue(ctx)).map(({ slot }) => iso(slot)),
  };
}

test("a time is taken when it has come, once, and the next one is planned", async () => {
  const { fires, at, ctx, slots } = await given();
  expect(await fires()).toEqual([]);
  expect(await ctx.findNextDue()).toBe(START + MINUTE / 2);
  at(MINUTE / 2);
  expect(await fires()).toEqual(["2026-11-30T00:01:00"]);
  expect(await fires()).toEqual([]);
  expect(await ctx.findNextDue()).toBe(START + 1.5 * MINUTE);
  expect(await slots()).toEqual(["2026-11-30T00:01:00 due 1"]);
});

test("two servers that look at the same moment take it once", async () => {
  const { ctx, at } = await given();
  at(MINUTE / 2);
  const both = await Promise.all([takeDue(ctx), takeDue(ctx)]);
  expect(both.flat()).toHaveLength(1);
});

describe("while no dashboard was there", () => {
  test("the newest is caught up on, and the others are one row with their number", async () => {
    const { fires, at, slots, ctx } = await given();
    // 00:20:20: that of 00:20 is 20 s old, which is no delay; that of 00:19 is more than half an interval.
    at(20 * MINUTE - 10_000);
    expect(await fires()).toEqual(["2026-11-30T00:20:00"]);
    expect(await slots()).toEqual(["2026-11-30T00:20:00 due 1", "2026-11-30T00:19:00 missed 19"]);
    expect(ctx.saved.audits.at(-1)).toMatchObject({ action: "schedule.missed", details: { count: 19 } });
  });

  test("as many as it says are, the oldest of them first", async () => {
    const { fires, at, slots } = await given({ missed: { policy: "all", most: 3 } });
    at(10 * MINUTE);
    expect(await fires()).toEqual([
      ...["2026-11-30T00:07:00", "2026-11-30T00:08:00", "2026-11-30T00:09:00", "2026-11-30T00:10:00"],
    ]);
    expect((await slots()).at(-1)).toBe("2026-11-30T00:06:00 missed 6");
  });

  test("a schedule of every second that was left alone for a year is taken up at once", async () => {
    const when = { by: "interval", everyMs: 1_000, from: START } as const;
    const { fires, at, ctx, schedule } = await given({ when, missed: { policy: "skip", most: 1 } });
    at(365 * 24 * 60 * MINUTE);
    const began = performance.now();
    expect((await fires()).length).toBeLessThan(40);
    // A hang guard.
    expect(performance.now() - began).toBeLessThan(20_000);
    const missed = (await ctx.listSlots(schedule.id, null, 100)).find(({ state }) => state === "missed");
    expect(missed?.count).toBeGreaterThan(2_000);
  });
});

test("a time with jitter comes later, and is known by its planned time", async () => {
  const { ctx, at, fires, schedule } = await given({ jitterMs: 40_000 });
  const next = (await ctx.findSchedule(schedule.id))?.next;
  expect(next?.slot).toBe(START + MINUTE / 2);
  at(MINUTE / 2);
  expect(await fires()).toEqual([]);
  at((next?.dueAt ?? 0) - START);
  expect(await fires()).toEqual(["2026-11-30T00:01:00"]);
});

test("what happens by itself is usual where nothing is said", async () => {
  const { schedule } = await given();
  expect(schedule).toMatchObject({
    missed: USUAL_MISSED,
    overlap: "skip",
    mode: "auto",
    enabled: true,
    jitterMs: 0,
  });
});
