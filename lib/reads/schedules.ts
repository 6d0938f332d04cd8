import type { z } from "zod";
import type { PageQuery } from "@/lib/contracts/page";
import type { ScheduleList, SlotPage } from "@/lib/contracts/schedule";
import { isPartial } from "@/lib/domain/access";
import type { JobId, ScheduleId } from "@/lib/domain/ids";
import { toScheduleView, toSlotView } from "@/lib/http/schedule-views";
import { requestContext, statusBoard } from "@/lib/runtime";
import { getJob } from "@/lib/services/commands/get-job";
import { getSchedule } from "@/lib/services/schedules/get-schedule";
import { inSlices } from "@/lib/turns";

/** All that who asks may see, by their next time. */
export async function readSchedules(ctx = requestContext()): Promise<z.infer<typeof ScheduleList>> {
  const { who } = ctx;
  const jobs =
    who === null || isPartial(who.access)
      ? (await statusBoard().now()).statuses.map(({ job }) => job.id)
      : undefined;
  const found = await ctx.listSchedules({ jobId: null, jobs });
  return { items: await inSlices(found, toScheduleView) };
}

/** @throws AppError JOB_NOT_FOUND */
export async function readSchedulesOf(
  job: JobId,
  ctx = requestContext(),
): Promise<z.infer<typeof ScheduleList>> {
  await getJob(ctx, job);
  return { items: (await ctx.listSchedules({ jobId: job })).map(toScheduleView) };
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
