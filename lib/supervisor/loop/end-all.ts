import { setTimeout as wait } from "node:timers/promises";
import type { RunId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import { beginEnding } from "../ending/endings";
import type { Duty } from "../watch/duty";
import { insist } from "../watch/insist";
import { watch } from "../watch/watched";

const LOOK_EVERY_MS = 50;
/** One transaction marks so many; the first of them are signalled while the others are being marked. */
const BATCH = 100;
/** Of the budget, for killing what has not ended by itself and for writing it down. */
const LONGEST_RESERVE_MS = 5_000;

export type EndAll = {
  readonly budgetMs: number;
  /** What the runs' reason will say. */
  readonly reason: string;
};

/**
 * Ends every run that has a process, at once and within the budget. Queued runs stay queued: they never began, so nothing is
 * interrupted, and the next dashboard starts them.
 * @returns the runs whose tree is not gone yet; their rows say `stopping`, and the next dashboard goes on from there
 */
export async function endAll(duty: Duty, { budgetMs, reason }: EndAll): Promise<RunId[]> {
  const deadline = performance.now() + budgetMs;
  const patienceMs = budgetMs - Math.min(LONGEST_RESERVE_MS, budgetMs / 3);
  duty.closing.limit(performance.now() + patienceMs);
  const killing = setTimeout(() => duty.closing.hurry(), patienceMs);
  let marked = false;
  void duty.tasks.run("mark", async () => {
    marked = await markAll(duty, patienceMs, reason);
  });
  while (performance.now() < deadline && !(marked && duty.list.size === 0)) await wait(LOOK_EVERY_MS);
  clearTimeout(killing);
  duty.closing.giveUp();
  return [...duty.list.keys(), ...duty.recovering.list().map(({ runId }) => runId)];
}

/** @returns false when the time was over before all could be written down; those not marked are not touched either */
async function markAll(duty: Duty, patienceMs: number, reason: string): Promise<boolean> {
  let after: RunId | null = null;
  for (;;) {
    const page: readonly Run[] | null = await insist({ ports: duty.ports, abort: duty.closing.over }, () =>
      duty.ports.records.stopPage(after, BATCH, (run) => request(run, patienceMs, reason)),
    );
    if (page === null) return false;
    for (const run of page)
      if (duty.recovering.find(run.id) === null) beginEnding(duty, watch(duty.ports, duty.list, run));
    if (page.length < BATCH) return true;
    after = page.at(-1)?.id ?? null;
  }
}

/**
 * The first request keeps its cause; what is stopping already only gets less time, and that comes from
 * `closing.limit`.
 */
function request(run: Run, patienceMs: number, reason: string) {
  if (run.state === "stopping") return null;
  const graceMs = Math.round(Math.min(run.spec.timeouts.stopGraceMs, patienceMs));
  return { type: "stop_requested", cause: "shutdown", graceMs, reason } as const;
}
