import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import type { App } from "@/lib/booted";
import type { Run } from "@/lib/domain/run";
import { decidePassed, jitterOf, type Schedule } from "@/lib/domain/schedule";
import { contextOf } from "@/lib/runtime";
import { fireSlot } from "@/lib/services/schedules/fire-slot";
import { intervalAfter } from "@/lib/services/schedules/plan-schedule";
import { skipPast } from "@/lib/services/schedules/skip-past";
import { type Fire, takeDue } from "@/lib/services/schedules/take-due";
import { untilDone } from "./until-done";

export type ScheduleChore = {
  /** Goes on with times that an earlier dashboard took and did not decide, and catches up on those that were missed. */
  takeUp(): Promise<void>;
  /** The data folder is a copy or was restored: none of before now is started. */
  skipPast(): Promise<void>;
  /** A schedule was made, changed or deleted. */
  nudge(): void;
  /** A time may have waited for that. */
  ended(run: Run): void;
  shutdown(): Promise<void>;
};

/** The wall clock may be set: however far the next time is, it is looked at again after so long. */
const LONGEST_SLEEP_MS = 60_000;
/** What was missed is caught up on in groups, so that a host that comes up is not buried. */
const CATCH_UP_AT_ONCE = 5;
const CATCH_UP_EVERY_MS = 5_000;
/** What passes (a disk that does not answer, say) is waited for as long as this. */
const GIVE_UP_MS = 10 * 60_000;

/**
 * Starts jobs at their times. It sleeps until the next of them is due, whose number costs nothing: it is the first of an index. What
 * is taken is written before it is started, so a kill in between costs no time and doubles none.
 */
export function keepSchedules(app: App, log: Logger): ScheduleChore {
  const abort = new AbortController();
  const { signal } = abort;
  const ctx = contextOf(app, "schedules");
  const firing = new Set<Promise<unknown>>();
  let nap = new AbortController();
  let isUp = false;
  let running: Promise<void> = Promise.resolve();
  let catchingUp: Promise<void> = Promise.resolve();

  function fire(schedule: Schedule, slot: number): Promise<unknown> {
    const fields = { schedule: schedule.id, jobId: schedule.jobId, slot: new Date(slot).toISOString() };
    const givesUpAt = performance.now() + GIVE_UP_MS;
    const work = untilDone({ log, signal }, "schedule.not_started", fields, async () => {
      const became = await fireSlot(ctx, schedule, slot, performance.now() > givesUpAt);
      log.info({ ...fields, became }, "schedule.slot");
    }).finally(() => firing.delete(work));
    firing.add(work);
    return work;
  }

  function start(fires: readonly Fire[]): void {
    for (const { schedule, slot } of fires.filter(({ late }) => !late)) void fire(schedule, slot);
    const late = fires.filter((one) => one.late);
    catchingUp = catchingUp.then(() => catchUp(late));
  }

  async function catchUp(late: readonly Fire[]): Promise<void> {
    for (let at = 0; at < late.length && !signal.aborted; at += CATCH_UP_AT_ONCE) {
      if (at > 0) await wait(CATCH_UP_EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await Promise.all(
        late.slice(at, at + CATCH_UP_AT_ONCE).map(({ schedule, slot }) => fire(schedule, slot)),
      );
    }
  }

  async function keep(): Promise<void> {
    while (!signal.aborted) {
      nap = new AbortController();
      const fires = await untilDone({ log, signal }, "schedule.not_taken", {}, () => takeDue(ctx));
      if (fires === null) return;
      start(fires);
      const dueAt = await untilDone({ log, signal }, "schedule.not_read", {}, async () => ({
        at: await ctx.findNextDue(),
      }));
      const sleepMs = Math.min(
        LONGEST_SLEEP_MS,
        Math.max(0, (dueAt?.at ?? Number.POSITIVE_INFINITY) - ctx.now()),
      );
      log.debug({ sleepMs }, "schedules.sleep");
      await wait(sleepMs, undefined, { signal: AbortSignal.any([signal, nap.signal]) }).catch(
        () => undefined,
      );
    }
  }

  /** Of each schedule's, as if they were just missed. */
  async function takeUpOpen(): Promise<void> {
    const open = await ctx.listOpenSlots(null);
    for (const { schedule, slot } of open.filter(({ slot: { state } }) => state === "waiting"))
      void fire(schedule, slot.slot);
    const due = open.filter(({ slot: { state } }) => state === "due");
    for (const [id, schedule] of new Map(due.map((one) => [one.schedule.id, one.schedule]))) {
      const its = due.flatMap(({ slot: { scheduleId, slot } }) =>
        scheduleId === id ? [{ slot, dueAt: slot + jitterOf(id, slot, schedule.jitterMs) }] : [],
      );
      const { start: fires, missed } = decidePassed(
        its,
        schedule.missed,
        ctx.now(),
        intervalAfter(schedule, its.at(-1)),
      );
      for (const slot of missed) await miss(schedule, slot);
      start(fires.map((slot) => ({ schedule, slot, late: true })));
    }
  }

  async function miss({ id, jobId }: Schedule, slot: number): Promise<void> {
    const why = "The dashboard ended before it was started.";
    const details = { schedule: id, slot: new Date(slot).toISOString(), why };
    const audit = { actor: `schedule:${id}`, action: "schedule.missed", jobId, details };
    await ctx.settleSlot({ scheduleId: id, slot }, { state: "missed", why }, audit, ctx.now());
  }

  return {
    skipPast: () => skipPast(ctx),
    takeUp: async () => {
      await takeUpOpen();
      isUp = true;
      running = keep();
    },
    nudge: () => nap.abort(),
    ended: (run) => {
      if (!isUp || signal.aborted) return;
      void untilDone({ log, signal }, "schedule.not_read", { jobId: run.jobId }, async () => {
        for (const { schedule, slot } of await ctx.listOpenSlots(run.jobId))
          if (slot.state === "waiting") void fire(schedule, slot.slot);
      });
    },
    shutdown: async () => {
      abort.abort();
      await running;
      await catchingUp;
      await Promise.all(firing);
    },
  };
}
