import type { z } from "zod";
import type { PageQuery } from "@/lib/contracts/page";
import type { ScheduleList, SlotPage, UpcomingAnswer } from "@/lib/contracts/schedule";
import { isPartial } from "@/lib/domain/access";
import type { JobId, ScheduleId } from "@/lib/domain/ids";
import type { PlannedSchedule } from "@/lib/domain/ports/schedules";
import { toListedSchedule, toSlotView, toUpcomingView } from "@/lib/http/schedule-views";
import { type RequestContext, requestContext, statusBoard } from "@/lib/runtime";
import { getJob } from "@/lib/services/commands/get-job";
import { getSchedule } from "@/lib/services/schedules/get-schedule";
import { upcomingTimes } from "@/lib/services/schedules/upcoming";
import { inSlices } from "@/lib/turns";

/** All that who asks may see, by their next time. */
export async function readSchedules(ctx = requestContext()): Promise<z.infer<typeof ScheduleList>> {
  return listed(ctx, await visibleSchedules(ctx));
}

/** @throws AppError JOB_NOT_FOUND */
export async function readSchedulesOf(
  job: JobId,
  ctx = requestContext(),
): Promise<z.infer<typeof ScheduleList>> {
  await getJob(ctx, job);
  return listed(ctx, await ctx.listSchedules({ jobId: job }));
}

async function visibleSchedules(ctx: RequestContext): Promise<readonly PlannedSchedule[]> {
  const { who } = ctx;
  const jobs =
    who === null || isPartial(who.access)
      ? (await statusBoard().now()).statuses.map(({ job }) => job.id)
      : undefined;
  return ctx.listSchedules({ jobId: null, jobs });
}

async function listed(
  ctx: RequestContext,
  found: readonly PlannedSchedule[],
): Promise<z.infer<typeof ScheduleList>> {
  const slots = await ctx.listNewestSlots(found.map(({ schedule }) => schedule.id));
  const last = new Map(slots.map((slot) => [slot.scheduleId, slot]));
  return {
    items: await inSlices(found, (one) => toListedSchedule(one, last.get(one.schedule.id) ?? null)),
  };
}

/** More are no picture any more, and cost the time of others. */
const MOST_UPCOMING = 100;
const MINUTE_MS = 60_000;

/** What comes in the next hours, by the next time. */
export async function readUpcoming(hours: number, ctx = requestContext()): Promise<UpcomingAnswer> {
  const from = Math.floor(ctx.now() / MINUTE_MS) * MINUTE_MS;
  const to = from + hours * 60 * MINUTE_MS;
  const due = (await visibleSchedules(ctx)).filter(({ next }) => next !== null && next.slot < to);
  const shown = due.slice(0, MOST_UPCOMING);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    items: await inSlices(shown, ({ schedule }) => toUpcomingView(upcomingTimes(schedule, from, to))),
    left: due.length - shown.length,
  };
}

/** The newest first. @throws AppError SCHEDULE_NOT_FOUND */
export async function readSlots(
  id: ScheduleId,
  job: JobId,
  { cursor, limit }: z.output<typeof PageQuery>,
  ctx = requestContext(),
): Promise<z.infer<typeof SlotPage>> {
  await getSchedule(ctx, id, job);
  const before = cursor === undefined ? Number.NaN : Date.parse(cursor);
  const slots = await ctx.listSlots(id, Number.isNaN(before) ? null : before, limit + 1);
  const items = slots.slice(0, limit).map(toSlotView);
  return { items, nextCursor: slots.length > limit ? (items.at(-1)?.slot ?? null) : null };
}
