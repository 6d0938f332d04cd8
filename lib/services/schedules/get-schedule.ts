import type { JobId, ScheduleId } from "@/lib/domain/ids";
import type { PlannedSchedule, Schedules } from "@/lib/domain/ports/schedules";
import { scheduleNotFound } from "./plan-schedule";

/** @param job whose it has to be @throws AppError SCHEDULE_NOT_FOUND */
export async function getSchedule(
  ctx: Pick<Schedules, "findSchedule">,
  id: ScheduleId,
  job: JobId,
): Promise<PlannedSchedule> {
  const found = await ctx.findSchedule(id);
  if (found === null || found.schedule.jobId !== job) throw scheduleNotFound(id);
  return found;
}
