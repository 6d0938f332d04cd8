import { type AppError, isAppError } from "@/lib/domain/errors";
import type { Schedules } from "@/lib/domain/ports/schedules";
import type { Schedule, SlotState } from "@/lib/domain/schedule";
import { type StartNeeds, startJob } from "@/lib/services/commands/start-job";

export type FireNeeds = Omit<StartNeeds, "actor"> & Pick<Schedules, "settleSlot" | "hasWaitingSlot">;

/** What may be otherwise in a moment, so the start is tried again. */
const PASSING: readonly string[] = [
  ...["DATABASE_LOCKED", "DATABASE_BUSY", "HOST_EXHAUSTED", "PATH_NOT_ANSWERING"],
  ...["SUPERVISOR_UNAVAILABLE", "RUN_NOT_RECOVERED"],
];

/**
 * Starts a time of a schedule that was taken, through the door of all starts, or writes down why not. Each is decided once, however often it is tried.
 * @param givesUp what may pass has had its time: it is written down as the reason now
 * @returns what became of it; `gone`: another has decided, or it is dropped
 * @throws what may pass, or was not expected: it is to be tried again
 */
export async function fireSlot(
  ctx: FireNeeds,
  schedule: Schedule,
  slot: number,
  givesUp: boolean,
): Promise<SlotState | "gone"> {
  const actor = `schedule:${schedule.id}`;
  const key = { scheduleId: schedule.id, slot };
  const settle = async (state: "skipped" | "waiting" | "failed", why: string) => {
    const details = { schedule: schedule.id, slot: new Date(slot).toISOString(), why };
    const audit = { actor, action: `schedule.${state}`, jobId: schedule.jobId, details };
    return (await ctx.settleSlot(key, { state, why }, audit, ctx.now())) ? state : "gone";
  };
  try {
    await startJob({ ...ctx, actor }, schedule.jobId, {
      trigger: "schedule",
      automatic: true,
      // Left out, where it has none: those of the run it goes on from, else none.
      ...(schedule.args === null ? {} : { args: schedule.args }),
      ...(schedule.parameters === null ? {} : { parameters: schedule.parameters }),
      mode: schedule.mode,
      whenDiskFull: "wait",
      slot: key,
    });
    return "started";
  } catch (error) {
    if (!isAppError(error) || (PASSING.includes(error.code) && !givesUp)) throw error;
    if (error.code === "SLOT_TAKEN") return "gone";
    if (error.code === "HELD") return settle("skipped", error.message);
    if (error.code !== "RUN_ALREADY_ACTIVE") return settle("failed", error.message);
    if (schedule.overlap === "skip") return settle("skipped", isActive(error));
    return (await ctx.hasWaitingSlot(schedule.id))
      ? settle("skipped", `${isActive(error)} Another time of this schedule waits for its end already.`)
      : settle("waiting", `${isActive(error)} This time waits for its end.`);
  }
}

function isActive({ details: { runId, state } }: AppError): string {
  return `The job had a run that was not over: ${String(runId)} was ${String(state)}.`;
}
