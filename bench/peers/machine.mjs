import { cpus } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { now, since } from "./clock.mjs";

const LOOK_MS = 1_500;
const WANTED_PERCENT = 70;

/**
 * Waits for a calm moment before a daemon is started, but not for ever.
 * @param {number} patienceMs
 * @returns {Promise<number>} how idle the machine was at best, in percent: rows with a low number are noisy
 */
export async function calmMoment(patienceMs) {
  const began = now();
  let best = await idlePercent();
  while (best < WANTED_PERCENT && since(began) < patienceMs) best = Math.max(best, await idlePercent());
  return best;
}

async function idlePercent() {
  const before = times();
  await wait(LOOK_MS);
  const after = times();
  return Math.round((100 * (after.idle - before.idle)) / Math.max(1, after.total - before.total));
}

function times() {
  const all = cpus().map((cpu) => cpu.times);
  const idle = all.reduce((sum, one) => sum + one.idle, 0);
  return {
    idle,
    total: all.reduce((sum, one) => sum + one.idle + one.user + one.nice + one.sys + one.irq, 0),
  };
}
