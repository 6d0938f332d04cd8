import type { ScheduleId } from "@/lib/domain/ids";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { Schedules } from "@/lib/domain/ports/schedules";
import type { Schedule } from "@/lib/domain/schedule";
import { scheduleNotFound } from "./plan-schedule";

type Needs = Pick<Schedules, "deleteSchedule"> & Pick<Here, "now" | "nudgeSchedules"> & Actor;

/** Runs that it has started stay, and go on. @throws AppError SCHEDULE_NOT_FOUND */
export async function deleteSchedule(ctx: Needs, id: ScheduleId): Promise<void> {
  const audit = ({ jobId, when, timezone }: Schedule) => ({
    actor: ctx.actor,
    action: "schedule.deleted",
    jobId,
    details: { schedule: id, when, timezone },
  });
  const deleted = await ctx.deleteSchedule(id, audit, ctx.now());
  if (deleted === null) throw scheduleNotFound(id);
  ctx.nudgeSchedules();
}
