import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import type { App } from "@/lib/booted";
import type { Run } from "@/lib/domain/run";
import { contextOf } from "@/lib/runtime";
import { finishRestart } from "@/lib/services/jobs/restart-job";
import { resumeAfterShutdown } from "@/lib/services/jobs/resume-after-shutdown";
import { listAwaitingSuccessor } from "@/lib/store/runs";

const AGAIN_EVERY_MS = 1_000;

export type Restarts = {
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

  /** A refusal is an answer; a failure to write one down is not, and is tried again. A shutdown leaves it to the next boot. */
  async function untilStarted(run: Run): Promise<void> {
    while (!abort.signal.aborted) {
      try {
        return await (run.cause === "restart" ? finishRestart : resumeAfterShutdown)(needs(run), run);
      } catch (error) {
        if (abort.signal.aborted) return;
        log.error({ runId: run.id, error: String(error) }, "restart.failed");
      }
      await wait(AGAIN_EVERY_MS, undefined, { signal: abort.signal }).catch(() => undefined);
    }
  }

  function needs(run: Run) {
    return {
      ...contextOf(app, run.actor),
      wait: (ms: number) => wait(ms, undefined, { signal: abort.signal }),
    };
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
