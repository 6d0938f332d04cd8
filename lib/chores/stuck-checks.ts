import type { Logger } from "pino";
import type { App } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import { contextOf } from "@/lib/runtime";
import { cleanByPolicy } from "@/lib/services/cleanup/clean-by-policy";
import { type CleanByPolicy, checkStuck } from "@/lib/services/stuck/check-stuck";
import { beginStuckChecks, readStuckCheck } from "@/lib/store/stuck-checks";

const LONGEST_TICK_MS = 60_000;
const SHORTEST_TICK_MS = 100;
const LONGEST_QUIET_MS = 600_000;

/**
 * Looks every few hours at what is stuck. When the last look was is kept in the database, so that starting the dashboard again does
 * not bring the next one forward; and for a while after a start there is none at all, whatever is due: nothing is ever cleaned
 * because the server started.
 */
export function watchForStuck(app: App, log: Logger) {
  const every = app.config.stuckCheckMs;
  const quietUntil = performance.now() + Math.min(LONGEST_QUIET_MS, every / 6);
  const abort = new AbortController();
  let known = false;
  let lastHere = performance.now();
  let work: Promise<void> | null = null;

  /** By a plan like any other, which finds the same runs once more; it is carried out in the background. */
  const clean: CleanByPolicy = (jobs) => cleanByPolicy(contextOf(app, "system", "housekeeping"), { jobs });

  async function isDue(): Promise<boolean> {
    if (performance.now() < quietUntil) return false;
    const last = await readStuckCheck(app.store);
    const since = last === null ? 0 : wallClock() - last.at;
    // A clock that was set back must not put the check off for ever.
    return since >= every || performance.now() - lastHere >= every;
  }

  async function look(): Promise<void> {
    try {
      if (!known) await beginStuckChecks(app.store, wallClock());
      known = true;
      if (!(await isDue())) return;
      const needs = {
        ...contextOf(app, "system", "housekeeping"),
        cleanByPolicy: clean,
        stopped: () => abort.signal.aborted,
      };
      const check = await checkStuck(needs);
      if (check === null) return;
      lastHere = performance.now();
      log[check.alert === null ? "info" : "warn"](check, "stuck.checked");
    } catch (error) {
      log.error({ error: String(error) }, "stuck.check_failed");
    }
  }

  const tick = Math.min(LONGEST_TICK_MS, Math.max(SHORTEST_TICK_MS, every / 20));
  const timer = every === 0 ? null : setInterval(begin, tick);
  timer?.unref();
  if (timer !== null) begin();

  function begin(): void {
    work ??= look().finally(() => {
      work = null;
    });
  }

  return {
    shutdown: async () => {
      if (timer !== null) clearInterval(timer);
      abort.abort();
      await work;
    },
  };
}
