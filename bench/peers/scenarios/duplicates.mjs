import { setTimeout as wait } from "node:timers/promises";
import { kill } from "../programs.mjs";
import { median } from "../statistics.mjs";

/**
 * @typedef {import("../session.mjs").Session} Session
 * @typedef {import("../adapters/adapter.mjs").Adapter} Adapter
 * @typedef {import("../adapters/adapter.mjs").Duplicate} Duplicate
 * @typedef {{ live: number, ever: number, accepted: number }} Round processes at once, processes in all, requests
 */

const ROUNDS = 3;
const SETTLE_MS = 4_000;
const CHILD_S = 300;

/**
 * S8: 50 start requests at once for one job.
 * @param {Session} session
 * @param {Adapter} adapter
 */
export async function measure(session, adapter) {
  if (adapter.duplicates === undefined) return;
  await session.fresh(adapter, session.variantsOf(adapter, "S8")[0]?.boot);
  const requests = session.quick ? 5 : 50;
  for (const way of await adapter.duplicates((name) => session.sleeper(name, CHILD_S))) {
    /** @type {Round[]} */
    const rounds = [];
    for (let index = 0; index < (session.quick ? 1 : ROUNDS); index += 1)
      rounds.push(await oneRound(session, adapter, way, { requests, index }));
    const of = (/** @type {keyof Round} */ key) => median(rounds.map((one) => one[key]));
    session.emit("S8", way.label, {
      requests,
      running_at_once: of("live"),
      ever_started: of("ever"),
      answered_ok: of("accepted"),
      worst_running: Math.max(...rounds.map((one) => one.live)),
      rounds: rounds.length,
    });
  }
  await session.down(adapter);
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {Duplicate} way
 * @param {{ requests: number, index: number }} round
 * @returns {Promise<Round>}
 */
async function oneRound(session, adapter, way, { requests, index }) {
  session.clearStamps();
  const name = `${way.spec.name}${index}`;
  const spec = { ...way.spec, name, argv: session.argv("sleep", name, CHILD_S) };
  await adapter.define([spec]);
  const answers = await Promise.allSettled(Array.from({ length: requests }, () => way.call(spec)));
  await wait(way.settleMs ?? SETTLE_MS);
  const live = session.probes().filter((probe) => probe.name === name).length;
  const ever = session.stamps().filter((stamp) => stamp.name === name).length;
  await clear(session, adapter, name);
  return { live, ever, accepted: answers.filter(({ status }) => status === "fulfilled").length };
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {string} name
 */
async function clear(session, adapter, name) {
  await adapter.stopMany([name]).catch(() => undefined);
  for (let look = 0; look < 3 && session.probes().length > 0; look += 1) {
    await wait(800);
    if (look === 1) await adapter.stop(name).catch(() => undefined);
  }
  for (const { pid } of session.probes()) kill(pid);
  await wait(1_200);
}
