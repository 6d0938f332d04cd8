import { setTimeout as wait } from "node:timers/promises";
import type { LauncherOrder, Spawner, StartedLauncher } from "../watch/spawner";
import type { Watched } from "../watch/watched";

const LOOK_EVERY_MS = 100;
/** A dashboard that goes down waits this long for an answer. Usual are milliseconds: a helper that takes longer stands still. */
const PARTING_MS = 1_000;

const answers = new WeakMap<Watched, Promise<unknown>>();

/**
 * Orders a run's launcher.
 * @returns null when the dashboard goes down before there is an answer: the next one finds out, and this one starts nothing more
 * @throws where nothing was started
 */
export async function orderLauncher(
  spawner: Spawner,
  watched: Watched,
  order: LauncherOrder,
  abort: AbortSignal,
): Promise<Readonly<StartedLauncher> | null> {
  let left = false;
  let partAt = Number.POSITIVE_INFINITY;
  const answer = spawner({ ...order, isGivenUp: () => left || order.isGivenUp() });
  answers.set(watched, answer);
  const launcher = await unless(answer, () => {
    if (abort.aborted) partAt = Math.min(partAt, performance.now() + PARTING_MS);
    return performance.now() > partAt;
  });
  left = launcher === null;
  return launcher;
}

/**
 * Waits while a launcher was ordered and there is no answer yet: until then one may come.
 * @returns false when the dashboard goes down first
 */
export async function launcherAnswered(watched: Watched, abort: AbortSignal): Promise<boolean> {
  const answer = answers.get(watched);
  if (answer === undefined) return true;
  // What threw has started nothing, which is an answer, too.
  const known = answer.then(
    () => true,
    () => true,
  );
  return (await unless(known, () => abort.aborted)) ?? false;
}

/** @returns null when that was over before there was an answer */
async function unless<Answer>(answer: Promise<Answer>, isOver: () => boolean): Promise<Answer | null> {
  for (;;) {
    const first = await Promise.race([answer, wait(LOOK_EVERY_MS, null)]);
    if (first !== null || isOver()) return first;
  }
}
