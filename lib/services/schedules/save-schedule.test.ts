import { describe, expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { aJob, jobId } from "@/test/factories";
import { deleteSchedule } from "./delete-schedule";
import { getSchedule } from "./get-schedule";
import { nextTime, previewTimes } from "./preview";
import { createSchedule, updateSchedule } from "./save-schedule";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const job = aJob();
const NIGHTLY = { when: { by: "cron", expression: "0 3 * * *" }, timezone: "Europe/Vienna" } as const;
const context = () => ({ ...aContext({ jobs: [job] }), now: () => NOW });

test("a schedule is planned from the moment it is made, and wakes what starts by it", async () => {
  const ctx = context();
  const { schedule, next } = await createSchedule(ctx, job.id, NIGHTLY);
  expect(next?.slot).toBe(Date.parse("2026-12-01T02:00:00Z"));
  expect(ctx.called).toContainEqual(["nudgeSchedules"]);
  expect(ctx.saved.audits.at(-1)).toMatchObject({ action: "schedule.created", jobId: job.id });
  const found = await getSchedule(ctx, schedule.id, job.id);
  expect(nextTime(found)).toMatchObject({ at: next?.slot, offsetMs: 3_600_000 });
  await expectRefusal(ctx, "SCHEDULE_NOT_FOUND", () => getSchedule(ctx, schedule.id, jobId("another")));
});

test("a change is planned from the moment of the change, says what was before, and is made once", async () => {
  const ctx = context();
  const { schedule } = await createSchedule(ctx, job.id, NIGHTLY);
  const change = { version: 1, timezone: "UTC", jitterMs: 1_000 };
  const { next, schedule: changed } = await updateSchedule(ctx, schedule.id, change);
  expect(changed).toMatchObject({ version: 2, timezone: "UTC", when: NIGHTLY.when });
  expect(next?.slot).toBe(Date.parse("2026-12-01T03:00:00Z"));
  expect(ctx.saved.audits.at(-1)).toMatchObject({
    action: "schedule.changed",
    details: {
      before: { timezone: "Europe/Vienna", jitterMs: 0 },
      after: { timezone: "UTC", jitterMs: 1_000 },
    },
  });
  await expectRefusal(ctx, "STALE_VERSION", () => updateSchedule(ctx, schedule.id, change));
});

test("one that is not enabled has no next time, and need not have one", async () => {
  const ctx = context();
  const { schedule } = await createSchedule(ctx, job.id, NIGHTLY);
  const endsAt = NOW - 1;
  const { next } = await updateSchedule(ctx, schedule.id, { version: 1, enabled: false, endsAt });
  expect(next).toBeNull();
  expect(nextTime({ schedule, next })).toBeNull();
});

test("one that was deleted is gone, with its times, and the audit says what it was", async () => {
  const ctx = context();
  const { schedule } = await createSchedule(ctx, job.id, NIGHTLY);
  await deleteSchedule(ctx, schedule.id);
  expect(await ctx.findSchedule(schedule.id)).toBeNull();
  expect(ctx.saved.audits.at(-1)).toMatchObject({
    action: "schedule.deleted",
    details: { when: NIGHTLY.when },
  });
  await expectRefusal(ctx, "SCHEDULE_NOT_FOUND", () => deleteSchedule(ctx, schedule.id));
});

describe("what could never start anything is refused, and nothing is made", () => {
  const refused = async (code: Parameters<typeof expectRefusal>[1], input: object, id = job.id) => {
    const ctx = context();
    await expectRefusal(ctx, code, () => createSchedule(ctx, id, { ...NIGHTLY, ...input }));
  };
  test("a time that never comes", () =>
    refused("SCHEDULE_REFUSED", { when: { by: "cron", expression: "0 0 31 2 *" } }));
  test("an end that was, or that is before the start", async () => {
    await refused("SCHEDULE_REFUSED", { endsAt: NOW - 1 });
    await refused("SCHEDULE_REFUSED", { startsAt: NOW + 9e9, endsAt: NOW + 8e9 });
  });
  test("parameters that the job does not declare", () =>
    refused("PARAMETERS_REFUSED", { parameters: { shop: "a" } }));
  test("a job that is not there", () => refused("JOB_NOT_FOUND", {}, jobId("none")));
});

test("times are previewed from now on", () => {
  const times = previewTimes(
    { now: () => NOW },
    { ...NIGHTLY, daysOff: { dates: [], weekdays: [] }, startsAt: null, endsAt: null },
    2,
  );
  expect(times.map(({ at }) => new Date(at).toISOString())).toEqual([
    "2026-12-01T02:00:00.000Z",
    "2026-12-02T02:00:00.000Z",
  ]);
});
