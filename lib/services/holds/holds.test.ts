import { describe, expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { aJob, aRun, jobId } from "@/test/factories";
import { startJob } from "../commands/start-job";
import { fireSlot } from "../schedules/fire-slot";
import { createSchedule } from "../schedules/save-schedule";
import { takeDue } from "../schedules/take-due";
import { placeHold } from "./place-hold";
import { releaseHold } from "./release-hold";

const NOW = Date.parse("2026-11-30T00:00:30Z");
const REASON = "The shop is being moved.";
const context = () => ({ ...aContext({ jobs: [aJob()] }), now: () => NOW });

describe("while a hold lasts", () => {
  test("nothing is started automatically, and people start what they like", async () => {
    const ctx = context();
    await placeHold(ctx, { on: "all", reason: REASON });
    await expectRefusal(ctx, "HELD", () =>
      startJob(ctx, aJob().id, { trigger: "recovery", automatic: true }),
    );
    expect((await startJob(ctx, aJob().id, { trigger: "manual" })).state).toBe("queued");
  });

  test("a time of a schedule is skipped with the reason, and the next one after the release is started", async () => {
    let now = NOW;
    const ctx = { ...context(), now: () => now };
    const when = { by: "cron", expression: "* * * * *" } as const;
    const { schedule } = await createSchedule(ctx, aJob().id, { when, timezone: "UTC" });
    const { id } = await placeHold(ctx, { on: `job:${schedule.jobId}`, reason: REASON });
    const next = async () => {
      now += 60_000;
      const [fire] = await takeDue(ctx);
      return fireSlot(ctx, schedule, fire?.slot ?? 0, false);
    };
    expect(await next()).toBe("skipped");
    expect((await ctx.listSlots(schedule.id, null, 1))[0]?.why).toContain(REASON);
    await releaseHold(ctx, id);
    expect(await next()).toBe("started");
    expect(ctx.saved.audits.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["hold.placed", "schedule.skipped", "hold.released"]),
    );
  });

  test("its time ends it", async () => {
    let now = NOW;
    const ctx = { ...context(), now: () => now };
    await placeHold(ctx, { on: "all", reason: REASON, until: NOW + 1_000 });
    now += 1_000;
    const run = await startJob(ctx, aJob().id, { trigger: "schedule", automatic: true });
    expect(run.state).toBe(aRun("queued").state);
  });
});

describe("a hold is refused", () => {
  test("for a job that is not there, or a time that is over", async () => {
    const ctx = context();
    await expectRefusal(ctx, "JOB_NOT_FOUND", () =>
      placeHold(ctx, { on: `job:${jobId("none")}`, reason: REASON }),
    );
    await expectRefusal(ctx, "INVALID_INPUT", () =>
      placeHold(ctx, { on: "all", reason: REASON, until: NOW }),
    );
  });

  test("to be released twice", async () => {
    const ctx = context();
    const { id } = await placeHold(ctx, { on: "all", reason: REASON });
    await releaseHold(ctx, id);
    await expectRefusal(ctx, "HOLD_NOT_FOUND", () => releaseHold(ctx, id));
  });
});
