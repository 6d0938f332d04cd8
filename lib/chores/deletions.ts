import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import type { App } from "@/lib/booted";
import { deleteRest, listDeleting } from "@/lib/store/job-deletion";

const AGAIN_EVERY_MS = 1_000;
/** Who asked is not kept waiting for longer. */
const WAITED_FOR_MS = 5_000;

export type Deletions = {
  /** A job's deletion was decided on, or an earlier dashboard left one half-way. Resolves when none is left, when that failed and is tried again later, or when it takes long. */
  nudge(): Promise<void>;
  shutdown(): Promise<void>;
};

/** Deletes what is left of jobs that are deleted, page by page, in the background. */
export function finishDeletions(app: App, log: Logger): Deletions {
  const abort = new AbortController();
  let wanted = false;
  let working: Promise<void> | null = null;

  async function deleteAll(): Promise<void> {
    while (wanted && !abort.signal.aborted) {
      wanted = false;
      for (const id of await listDeleting(app.store))
        await deleteRest(app.store, id, () => !abort.signal.aborted);
    }
  }

  function nudge(): Promise<void> {
    wanted = true;
    if (abort.signal.aborted) return Promise.resolve();
    working ??= deleteAll()
      .catch((error: unknown) => {
        log.error({ error: String(error) }, "deletion.failed");
        void again();
      })
      .finally(() => {
        working = null;
      });
    return Promise.race([working, wait(WAITED_FOR_MS, undefined, { ref: false })]);
  }

  async function again(): Promise<void> {
    await wait(AGAIN_EVERY_MS, undefined, { signal: abort.signal, ref: false }).catch(() => undefined);
    await nudge();
  }

  return {
    nudge,
    shutdown: async () => {
      abort.abort();
      await working;
    },
  };
}
