import type { Here } from "@/lib/domain/ports/host";
import type { PlannedSchedule } from "@/lib/domain/ports/schedules";
import type { DueTime, Timing } from "@/lib/domain/schedule";
import { describeTime, nextTimes } from "@/lib/schedules/times";

/** The next times of a schedule that need not exist yet, by the engine that starts by them. @throws AppError SCHEDULE_REFUSED */
export function previewTimes(ctx: Pick<Here, "now">, timing: Timing, count: number): readonly DueTime[] {
  return nextTimes(timing, ctx.now(), count);
}

/** null: none will come. */
export function nextTime({ schedule, next }: PlannedSchedule): DueTime | null {
  return next === null ? null : describeTime(schedule, next.slot);
}
