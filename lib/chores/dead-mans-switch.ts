import type { Logger } from "pino";
import type { App } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import { whyUnwell } from "@/lib/domain/dead-mans-switch";
import { findNextDue } from "@/lib/store/schedules";
import { findWorker, proveWritable } from "@/lib/store/workers";

const ANSWER_WITHIN_MS = 10_000;
/** After a ping that did not arrive the next one does not wait for its turn: monitors count missing ones. */
const AGAIN_MS = 10_000;

/**
 * Pings a monitor elsewhere (UNSTUCK_PING_URL) while this process works: its event loop turns, the database can be written, the supervisor looks
 * at the runs and schedules are taken. A monitor that hears nothing raises the alarm that a dead dashboard cannot.
 */
export function keepPinging(app: App, log: Logger): { shutdown(): Promise<void> } {
  const { url, everyMs } = app.config.ping;
  if (url === null) return { shutdown: () => Promise.resolve() };
  const address = url;
  const abort = new AbortController();
  // The path is often all that a monitor asks for, so it stays out of the log.
  const to = new URL(address).origin;
  let [beatAt, seenAt] = [0, performance.now()];
  /** The trouble that was told last; null: pings arrive. */
  let told: string | null = null;
  let timer = setTimeout(begin, Math.min(everyMs, 1_000));
  timer.unref();
  let work: Promise<void> | null = null;

  function begin(): void {
    work = once().then((arrived) => {
      work = null;
      if (abort.signal.aborted) return;
      timer = setTimeout(begin, arrived ? everyMs : Math.min(everyMs, AGAIN_MS));
      timer.unref();
    });
  }

  async function once(): Promise<boolean> {
    const why = await unwell().catch((error: unknown) => `the database does not answer: ${String(error)}`);
    if (abort.signal.aborted) return false;
    if (why !== null) return tell("ping.withheld", why);
    const problem = await ping(address, abort.signal);
    if (abort.signal.aborted) return false;
    if (problem !== null) return tell("ping.failed", problem);
    if (told !== null) log.info({ to }, "ping.again");
    told = null;
    return true;
  }

  /** Each kind of trouble once, however long it lasts. */
  function tell(event: string, reason: string): false {
    if (told !== event) log.error({ to, reason }, event);
    told = event;
    return false;
  }

  async function unwell(): Promise<string | null> {
    await proveWritable(app.store);
    const beat = (await findWorker(app.store, null))?.heartbeatAt ?? 0;
    if (beat !== beatAt) [beatAt, seenAt] = [beat, performance.now()];
    const due = await findNextDue(app.store);
    return whyUnwell({
      beatAgeMs: performance.now() - seenAt,
      overdueMs: due === null ? null : wallClock() - due,
      unconfirmed: app.folder.unconfirmed() !== null,
    });
  }

  return {
    shutdown: async () => {
      abort.abort();
      clearTimeout(timer);
      await work;
    },
  };
}

/** @returns why it did not arrive; null: it did */
async function ping(url: string, ended: AbortSignal): Promise<string | null> {
  try {
    const signal = AbortSignal.any([ended, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    const answer = await fetch(url, { signal, redirect: "follow", headers: { "user-agent": "unstuck" } });
    await answer.body?.cancel();
    return answer.ok ? null : `it answered ${answer.status}`;
  } catch (error) {
    // Not the error's own text, which may have the address.
    const { name, cause } = error as { name: string; cause?: { code?: unknown } };
    return typeof cause?.code === "string" ? cause.code : name;
  }
}
