import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import type { App } from "@/lib/booted";
import { waitLeft } from "@/lib/domain/auto-recovery";
import type { JobId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import { contextOf } from "@/lib/runtime";
import { planRecovery } from "@/lib/services/recovery/plan-recovery";
import { tryRecovery } from "@/lib/services/recovery/try-recovery";
import { listUndecidedEnds, listWaitingRecoveries } from "@/lib/store/recovery";
import { untilDone } from "./until-done";

export type Recoveries = {
  /** @param ranMs how long the run lasted, by the monotonic clock */
  ended(run: Run, ranMs: number): void;
  /** The next attempt is to come now, not when its time is up. */
  wake(job: JobId): void;
  /** Goes on with what an earlier dashboard planned, and decides on ends it had no time for. */
  takeUp(): Promise<void>;
  shutdown(): Promise<void>;
};

/** One job's turn: things are done one after the other, and a wait ends early when something new came. */
type Turn = { last: Promise<void>; nap: AbortController | null };

/**
 * Recovers jobs by themselves: decides after each end, waits, starts. The wait is counted on the clock of timers, which is monotonic;
 * the row tells people when it ends, and the next dashboard what was planned.
 */
export function recoverJobs(app: App, log: Logger): Recoveries {
  const abort = new AbortController();
  const turns = new Map<JobId, Turn>();
  const ctx = contextOf(app, "system");

  function inTurn(job: JobId, work: (turn: Turn) => Promise<void>): void {
    if (abort.signal.aborted) return;
    const turn = turns.get(job) ?? { last: Promise.resolve(), nap: null };
    turns.set(job, turn);
    const mine = turn.last.then(() => work(turn));
    turn.last = mine;
    void mine.finally(() => {
      if (turn.last === mine) turns.delete(job);
    });
    turn.nap?.abort();
  }

  async function decide(run: Run, ranMs: number | null): Promise<number | null> {
    const planned = await untilWritten(run.jobId, () => planRecovery(ctx, run, ranMs));
    const record = planned?.record ?? null;
    if (record !== null) {
      const { jobId, runId, state, attempts, nextAction, reason } = record;
      const fields = { jobId, runId, attempts, nextAction, waitMs: planned?.waitMs, reason };
      log[state === "gave_up" ? "error" : "info"](fields, `recovery.${state}`);
    }
    return planned?.waitMs ?? null;
  }

  async function follow(turn: Turn, job: JobId, firstMs: number | null): Promise<void> {
    let waitMs = firstMs;
    while (waitMs !== null) {
      await sleep(turn, waitMs);
      if (abort.signal.aborted) return;
      waitMs = await untilWritten(job, () => tryRecovery(ctx, job));
    }
  }

  async function sleep(turn: Turn, ms: number): Promise<void> {
    turn.nap = new AbortController();
    const signal = AbortSignal.any([abort.signal, turn.nap.signal]);
    await wait(ms, undefined, { signal }).catch(() => undefined);
    turn.nap = null;
  }

  /** A failure to write something down is no answer and is tried again. A shutdown leaves it to the next boot. */
  const untilWritten = <Value>(job: JobId, work: () => Promise<Value>) =>
    untilDone({ log, signal: abort.signal }, "recovery.failed", { jobId: job }, work);

  async function goOn(turn: Turn, job: JobId): Promise<void> {
    const record = await untilWritten(job, () => ctx.findRecovery(job));
    if (record?.state !== "waiting") return;
    await follow(turn, job, waitLeft(record, ctx.recoveryLimits, ctx.now()));
  }

  return {
    ended: (run, ranMs) =>
      inTurn(run.jobId, async (turn) => follow(turn, run.jobId, await decide(run, ranMs))),
    wake: (job) => inTurn(job, (turn) => goOn(turn, job)),
    takeUp: async () => {
      const [ends, waiting] = await Promise.all([
        listUndecidedEnds(app.store),
        listWaitingRecoveries(app.store),
      ]);
      // A job that has its turn saw its run end during this boot, and must not be woken from its wait.
      for (const run of ends.filter(({ jobId }) => !turns.has(jobId)))
        inTurn(run.jobId, async (turn) => follow(turn, run.jobId, await decide(run, null)));
      for (const job of waiting.filter((jobId) => !turns.has(jobId))) inTurn(job, (turn) => goOn(turn, job));
    },
    shutdown: async () => {
      abort.abort();
      await Promise.all([...turns.values()].map(({ last }) => last));
    },
  };
}
