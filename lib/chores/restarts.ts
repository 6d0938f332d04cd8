import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import type { App } from "@/lib/booted";
import type { Run } from "@/lib/domain/run";
import { contextOf } from "@/lib/runtime";
import { finishRestart } from "@/lib/services/jobs/restart-job";
import { resumeAfterShutdown } from "@/lib/services/jobs/resume-after-shutdown";
import { listAwaitingSuccessor } from "@/lib/store/runs";
import { untilDone } from "./until-done";

export type Restarts = {
  /** It has ended; or the start of its successor could not be finished by who asked for it. */
  ended(run: Run): void;
  /** Goes on with restarts whose first half an earlier dashboard did, and with runs that its shutdown ended. */
  takeUp(): Promise<void>;
  shutdown(): Promise<void>;
};

/** Starts the successor of every run that ended for a restart, after its delay, or by a shutdown that is over. */
export function resumeRestarts(app: App, log: Logger): Restarts {
  const pending = new Map<Run["id"], Promise<void>>();
  const abort = new AbortController();

  function ended(run: Run): void {
    if (abort.signal.aborted || pending.has(run.id)) return;
    if (run.cause !== "restart" && run.cause !== "shutdown") return;
    pending.set(
      run.id,
      untilStarted(run).finally(() => pending.delete(run.id)),
    );
  }

  /**
   * A refusal is an answer; what passes and what could not be written down is none, and is tried again. A shutdown leaves it to the
   * next boot.
   */
  async function untilStarted(run: Run): Promise<void> {
    const start = run.cause === "restart" ? finishRestart : resumeAfterShutdown;
    const ctx = { ...contextOf(app, "system"), wait: waitOnce(abort.signal) };
    await untilDone({ log, signal: abort.signal }, "restart.failed", { runId: run.id }, () =>
      start(ctx, run),
    );
  }

  return {
    ended,
    takeUp: async () => {
      for (const run of await listAwaitingSuccessor(app.store)) ended(run);
    },
    shutdown: async () => {
      abort.abort();
      await Promise.all(pending.values());
    },
  };
}

/** The restart's own delay is waited for once, however often the start is tried after it. */
function waitOnce(signal: AbortSignal): (ms: number) => Promise<void> {
  let waited = false;
  return async (ms) => {
    if (!waited) await wait(ms, undefined, { signal });
    waited = true;
  };
}
