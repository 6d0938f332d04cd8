import type { Here } from "@/lib/domain/ports/host";
import type { PlannedSchedule, Schedules } from "@/lib/domain/ports/schedules";
import type { Schedule } from "@/lib/domain/schedule";
import { nextSlot } from "./plan-schedule";

type Needs = Pick<Schedules, "listSchedules" | "takeSlots" | "listOpenSlots" | "settleSlot"> &
  Pick<Here, "now">;

const WHY =
  "It was due before this data folder was confirmed as the live one; the original may have started it.";

/**
 * Lets all times of before this moment go, where the data folder was copied or restored: what it knows of them may be old, and the original may have
 * started them since.
 */
export async function skipPast(ctx: Needs): Promise<void> {
  const now = ctx.now();
  for (const planned of await ctx.listSchedules({ jobId: null })) await skipNext(ctx, planned, now);
  for (const { schedule, slot } of await ctx.listOpenSlots(null)) {
    const audit = auditOf(schedule, slot.slot);
    await ctx.settleSlot(
      { scheduleId: schedule.id, slot: slot.slot },
      { state: "skipped", why: WHY },
      audit,
      now,
    );
  }
}

async function skipNext(ctx: Needs, { schedule, next }: PlannedSchedule, now: number): Promise<void> {
  if (next === null || next.slot > now) return;
  const skipped = {
    slot: next.slot,
    state: "skipped",
    why: WHY,
    count: 1,
    audit: auditOf(schedule, next.slot),
  } as const;
  await ctx.takeSlots(schedule, next, [skipped], nextSlot(schedule, now), now);
}

function auditOf({ id, jobId }: Schedule, slot: number) {
  const details = { schedule: id, slot: new Date(slot).toISOString(), why: WHY };
  return { actor: `schedule:${id}`, action: "schedule.skipped", jobId, details };
}
