import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import type { Schedule } from "@/lib/domain/schedule";
import { aContext } from "@/test/a-context";
import { aJob, aRun } from "@/test/factories";
import { fireSlot } from "./fire-slot";
import { createSchedule } from "./save-schedule";
import { takeDue } from "./take-due";

const START = Date.parse("2026-11-30T00:00:30Z");

/** A job with a schedule, one time of which was taken. */
async function taken(context: Parameters<typeof aContext>[0] = {}, input: Partial<Schedule> = {}) {
  const job = context.jobs?.[0] ?? aJob();
  let now = START;
  const ctx = { ...aContext({ jobs: [job], ...context }), now: () => now };
  const when = { by: "cron", expression: "* * * * *" } as const;
  const { schedule } = await createSchedule(ctx, job.id, { when, timezone: "UTC", ...input });
  now += 30_000;
  const [fire] = await takeDue(ctx);
  const slot = fire?.slot ?? 0;
  const became = (givesUp = false) => fireSlot(ctx, schedule, slot, givesUp);
  const row = async () => (await ctx.listSlots(schedule.id, null, 1))[0];
  return { ctx, schedule, slot, became, row };
}

test("a time starts its job with what the schedule gives, in its own name", async () => {
  const { became, row, ctx, schedule } = await taken({}, { args: ["--all"], mode: "fresh" });
  expect(await became()).toBe("started");
  const run = [...ctx.saved.runs.values()].at(-1);
  expect(run).toMatchObject({
    trigger: "schedule",
    actor: `schedule:${schedule.id}`,
    spec: { args: ["--all"], fresh: true },
  });
  expect(await row()).toMatchObject({ state: "started", runId: run?.id, why: null });
});

test("it is started once, however often it is tried", async () => {
  const { became, ctx } = await taken();
  expect(await became()).toBe("started");
  const { size } = ctx.saved.runs;
  expect(["gone", "skipped"]).toContain(await became());
  expect(ctx.saved.runs.size).toBe(size);
});

describe("while the job has a run, whatever began that", () => {
  const busy = { runs: [aRun("running")] };

  test("it is skipped, and why is written down", async () => {
    const { became, row, ctx } = await taken(busy);
    expect(await became()).toBe("skipped");
    expect(await row()).toMatchObject({ state: "skipped", runId: null });
    expect((await row())?.why).toContain("was running");
    expect(ctx.saved.audits.at(-1)).toMatchObject({
      action: "schedule.skipped",
      actor: expect.stringMatching(/^schedule:/),
    });
  });

  test("or waits for its end, one at a time", async () => {
    const { became, row, ctx, schedule, slot } = await taken(busy, { overlap: "queue" });
    expect(await became()).toBe("waiting");
    expect(await row()).toMatchObject({ state: "waiting" });
    const [, next] = [slot, slot + 60_000];
    await ctx.takeSlots(
      schedule,
      { slot: next, dueAt: next },
      [{ slot: next, state: "due", why: null, count: 1, audit: null }],
      null,
      next,
    );
    expect(await fireSlot(ctx, schedule, next, false)).toBe("skipped");
    expect((await row())?.why).toContain("waits for its end already");
  });
});

test("what a person would be told is its reason: a job that is disabled", async () => {
  const { became, row } = await taken({ jobs: [aJob({ enabled: false })] });
  expect(await became()).toBe("failed");
  expect(await row()).toMatchObject({ state: "failed", why: expect.stringContaining("is disabled") });
});

test("what may pass is tried again, until it has had its time", async () => {
  const checkCommand = async () => {
    throw new AppError("PATH_NOT_ANSWERING", "The disk does not answer.");
  };
  const { became, row } = await taken({ checkCommand });
  await expect(became()).rejects.toMatchObject({ code: "PATH_NOT_ANSWERING" });
  expect(await row()).toMatchObject({ state: "due" });
  expect(await became(true)).toBe("failed");
  expect((await row())?.why).toBe("The disk does not answer.");
});

test("a time of before a change is started by nothing", async () => {
  const { ctx, schedule, became, row } = await taken();
  const audit = { actor: "anna", action: "schedule.changed" };
  const change = (before: Schedule) => ({ schedule: { ...before, version: 2 }, next: null });
  await ctx.updateSchedule(schedule.id, 1, change, audit, START + 31_000);
  expect(await row()).toMatchObject({ state: "skipped" });
  expect(await became()).toBe("gone");
  expect(ctx.saved.runs.size).toBe(0);
});
