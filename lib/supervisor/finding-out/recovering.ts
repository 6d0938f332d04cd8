import { setTimeout as wait } from "node:timers/promises";
import { AppError } from "@/lib/domain/errors";
import type { RunId } from "@/lib/domain/ids";
import { insist } from "@/lib/domain/insist";
import { passes } from "@/lib/domain/passing";
import type { Unrecovered } from "@/lib/domain/ports/host";
import { isFinal } from "@/lib/domain/run";
import type { Recovering } from "../watch/duty";
import type { SupervisorPorts } from "../watch/ports";
import type { Tracker } from "../watch/tracker";
import type { Watched, Watchlist } from "../watch/watched";
import { recover } from "./recover";

/** The part of a supervisor's duty this rests on, of which it is a part itself. */
type Needs = {
  readonly ports: SupervisorPorts;
  readonly list: Watchlist;
  readonly abort: AbortSignal;
  readonly tasks: Tracker;
  takeUp(watched: Watched): void;
};

export function recovering(duty: Needs): Recovering {
  const { ports, list, abort: signal, tasks } = duty;
  const failures = new Map<RunId, Unrecovered>();
  /** One try at a time for each run. */
  const trying = new Map<RunId, Promise<void>>();
  /** Those that are tried again by themselves. */
  const insisting = new Map<RunId, Promise<void>>();

  async function found(runId: RunId): Promise<void> {
    const run = await ports.records.find(runId);
    const isOurs = run !== null && !isFinal(run.state) && run.state !== "queued";
    const watched = isOurs ? await recover(ports, list, run) : null;
    if (failures.delete(runId)) ports.log.info({ runId }, "run.recovered");
    if (watched !== null) duty.takeUp(watched);
  }

  function tryOnce(runId: RunId): Promise<void> {
    const mine =
      trying.get(runId) ??
      found(runId)
        .catch((error: unknown) => {
          // What is on the watchlist is taken for looked after.
          list.delete(runId);
          failed(runId, error);
          throw error;
        })
        .finally(() => trying.delete(runId));
    trying.set(runId, mine);
    return mine;
  }

  function failed(runId: RunId, error: unknown): void {
    if (signal.aborted) return;
    const before = failures.get(runId);
    const reason = reasonIn(error);
    failures.set(runId, {
      runId,
      reason,
      since: before?.since ?? ports.now(),
      tries: (before?.tries ?? 0) + 1,
    });
    if (before?.reason === reason) return;
    ports.log.error({ runId, error: reason }, "run.not_recovered");
    // Not waited for: the database itself may be what is in the way.
    void tasks.run("note", () => ports.records.note(runId, "not_recovered", { reason }));
  }

  function again(runId: RunId): void {
    if (insisting.has(runId)) return;
    const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => undefined);
    const work = tasks.run("recover", async () => {
      await insist({ signal, pause, failed: () => {} }, () => tryOnce(runId));
      insisting.delete(runId);
    });
    insisting.set(runId, work);
  }

  /** @returns the failure; null: it was found out */
  async function take(runId: RunId): Promise<unknown> {
    try {
      await tryOnce(runId);
      return null;
    } catch (error) {
      if (!signal.aborted) again(runId);
      return error;
    }
  }

  async function findOut(runId: RunId): Promise<void> {
    const error = await take(runId);
    if (error !== null) throw notRecovered(runId, error);
  }

  return {
    takeAll: async (runs) => {
      let inTheWay: unknown = null;
      for (const runId of runs) {
        // What keeps this one from being written keeps the others, too: they do not each wait for it before anything is served.
        if (passes(inTheWay)) again(runId);
        else inTheWay = await take(runId);
      }
    },
    take: async (runId) => void (await take(runId)),
    find: (runId) => failures.get(runId) ?? null,
    list: () => [...failures.values()],
    settle: async (runId) => {
      if (failures.has(runId)) await findOut(runId);
    },
    findOut,
    allFound: async () => {
      while (insisting.size > 0 && !signal.aborted) await Promise.all(insisting.values());
    },
  };
}

function notRecovered(runId: RunId, cause: unknown): AppError {
  const reason = reasonIn(cause);
  const message = `What became of run ${runId} cannot be found out: ${reason}. It is neither over nor watched, so nothing is done about it. Recovery is retried automatically; see unstuck doctor.`;
  return new AppError("RUN_NOT_RECOVERED", message, { runId, reason }, { cause });
}

/** To go on with in a sentence. */
function reasonIn(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
