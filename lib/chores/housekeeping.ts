import type { Logger } from "pino";
import type { App } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import { HOUR_MS } from "@/lib/domain/hours";
import { dropOld } from "@/lib/store/retention";
import { dropOldUsage } from "@/lib/store/usage";

const EVERY_MS = HOUR_MS;
/** Right after a start there are other things to wait for. */
const FIRST_AFTER_MS = 600_000;

/** Drops once an hour what is kept for a time only, so that nothing but runs and their logs grows with history. */
export function keepHouse(app: App, log: Logger): { shutdown(): Promise<void> } {
  let over = false;
  let work: Promise<void> | null = null;
  let timer = setTimeout(begin, FIRST_AFTER_MS);
  timer.unref();

  function begin(): void {
    work = drop().finally(() => {
      work = null;
      if (over) return;
      timer = setTimeout(begin, EVERY_MS);
      timer.unref();
    });
  }

  async function drop(): Promise<void> {
    try {
      await dropOldUsage(app.store, wallClock());
      const dropped = await dropOld(app.store, wallClock());
      if (Object.values(dropped).some((count) => count > 0)) log.info(dropped, "retention.dropped");
    } catch (error) {
      log.error({ error: String(error) }, "retention.failed");
    }
  }

  return {
    shutdown: async () => {
      over = true;
      clearTimeout(timer);
      await work;
    },
  };
}
