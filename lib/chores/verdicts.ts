import type { Logger } from "pino";
import type { App } from "@/lib/booted";
import type { Run } from "@/lib/domain/run";
import { contextOf } from "@/lib/runtime";
import { keepVerdicts } from "@/lib/services/stuck/keep-verdicts";
import { listUnread } from "@/lib/store/unsettled";
import { untilDone } from "./until-done";

const PAGE = 100;

export type Verdicts = {
  ended(run: Run): void;
  /** Reads what was not read since it ended: an earlier dashboard went down before it could. Returns at once. */
  takeUp(): void;
  shutdown(): Promise<void>;
};

/** Keeps what every run has left that did not end well, behind everything else there is to do. */
export function keepEndVerdicts(app: App, log: Logger): Verdicts {
  const abort = new AbortController();
  let unread: Run[] = [];
  let behind = false;
  let work: Promise<void> | null = null;

  function begin(): void {
    if (abort.signal.aborted || work !== null) return;
    work = readAll().finally(() => {
      work = null;
      // What ended between the last look and now.
      if (unread.length > 0) begin();
    });
  }

  async function readAll(): Promise<void> {
    if (behind) await insist(readBehind);
    behind = false;
    while (unread.length > 0 && !abort.signal.aborted) {
      const page = unread.splice(0, PAGE);
      await insist(() => keepVerdicts(contextOf(app, "system", "housekeeping"), page));
    }
  }

  async function readBehind(): Promise<void> {
    for (let before: string | null = null; !abort.signal.aborted; ) {
      const page: Run[] = await listUnread(app.store, { before, limit: PAGE });
      await keepVerdicts(contextOf(app, "system", "housekeeping"), page);
      if (page.length < PAGE) return;
      before = page.at(-1)?.id ?? null;
    }
  }

  /** The database may be locked or the disk full: it is tried until the dashboard goes down, and then by the next one. */
  const insist = (read: () => Promise<void>) =>
    untilDone({ log, signal: abort.signal }, "verdict.not_kept", {}, read);

  return {
    ended: (run) => {
      if (!run.unsettled) return;
      unread.push(run);
      begin();
    },
    takeUp: () => {
      behind = true;
      begin();
    },
    shutdown: async () => {
      abort.abort();
      unread = [];
      await work;
    },
  };
}
