import { setTimeout as wait } from "node:timers/promises";
import { now, since, waitFor } from "../clock.mjs";
import { median, percentile, round, times } from "../statistics.mjs";
import { namesOf } from "./common.mjs";

/**
 * @typedef {import("../session.mjs").Session} Session
 * @typedef {import("../adapters/adapter.mjs").Adapter} Adapter
 * @typedef {import("../adapters/adapter.mjs").Variant} Variant
 * @typedef {{ latencies: (number | null)[], answers: number[], failed: number }} Starts in milliseconds; null: it never began
 */

const ROUNDS = 3;
const STARTS = 30;
const FLOOR_STARTS = 15;
/** No further round is begun after this. */
const BUDGET_MS = 60_000;

/**
 * S1: one start at a time, from the call to the child's first instruction.
 * @param {Session} session
 * @param {Adapter} adapter
 */
export async function measure(session, adapter) {
  for (const variant of session.variantsOf(adapter, "S1")) await measureVariant(session, adapter, variant);
  if (adapter.startCli === undefined && adapter.startNew === undefined) return;
  await session.fresh(adapter);
  await measureCli(session, adapter);
  await measureNew(session, adapter);
  await session.down(adapter);
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {Variant} variant
 */
async function measureVariant(session, adapter, variant) {
  await session.fresh(adapter, variant.boot);
  const began = now();
  /** @type {(number | null)[]} */
  const floors = [];
  /** @type {Starts[]} */
  const rounds = [];
  for (let index = 0; index < (session.quick ? 1 : ROUNDS); index += 1) {
    if (index > 0 && since(began) > BUDGET_MS) break;
    floors.push(await session.floor(FLOOR_STARTS, "in turn"));
    rounds.push(await oneRound(session, adapter, variant, index));
  }
  emit(session, variant.label || "API", rounds, median(floors));
  await session.down(adapter);
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {Variant} variant
 * @param {number} index
 */
async function oneRound(session, adapter, variant, index) {
  const names = namesOf(`s1r${index}`, session.quick ? 5 : (variant.starts ?? STARTS));
  if (!variant.real) await adapter.define(names.map((name) => session.sleeper(name)));
  const call = (/** @type {string} */ name) =>
    variant.real ? adapter.startReal?.(name) : adapter.start(name);
  const starts = await startAll(session, names, call, variant.spreadMs);
  if (!variant.real) {
    await adapter.stopMany(names).catch(() => undefined);
    await waitFor(() => session.probes().length === 0, { everyMs: 200 });
    await adapter.forget(names);
  }
  session.clearStamps();
  return starts;
}

/**
 * @param {Session} session
 * @param {readonly string[]} names
 * @param {(name: string) => Promise<unknown> | undefined} call
 * @param {number} [spreadMs]
 * @returns {Promise<Starts>}
 */
async function startAll(session, names, call, spreadMs) {
  /** @type {Starts} */
  const starts = { latencies: [], answers: [], failed: 0 };
  const one = (/** @type {string} */ name) => startOne(session, name, call, starts);
  if (spreadMs !== undefined)
    await Promise.all(names.map((name) => wait(Math.random() * spreadMs).then(() => one(name))));
  else
    for (const name of names) {
      await one(name);
      await wait(30);
    }
  return starts;
}

/**
 * @param {Session} session
 * @param {string} name
 * @param {(name: string) => Promise<unknown> | undefined} call
 * @param {Starts} starts
 */
async function startOne(session, name, call, starts) {
  const asked = now();
  const answer = (call(name) ?? Promise.resolve()).then(
    () => starts.answers.push(since(asked)),
    () => (starts.failed += 1),
  );
  const begun = await session.stamp(name);
  await answer;
  starts.latencies.push(begun === null ? null : Number(begun.at - asked) / 1e6);
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 */
async function measureCli(session, adapter) {
  if (adapter.startCli === undefined) return;
  const names = namesOf("s1c", session.quick ? 3 : STARTS);
  const floor = await session.floor(FLOOR_STARTS, "in turn");
  await adapter.define(names.map((name) => session.sleeper(name)));
  const starts = await startAll(session, names, (name) => adapter.startCli?.(name));
  emit(session, "CLI", [starts], floor);
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 */
async function measureNew(session, adapter) {
  if (adapter.startNew === undefined) return;
  const floor = await session.floor(FLOOR_STARTS, "in turn");
  const names = namesOf("s1n", session.quick ? 3 : STARTS);
  const starts = await startAll(session, names, (name) => adapter.startNew?.(session.sleeper(name)));
  emit(session, "API, job never seen before", [starts], floor);
}

/**
 * @param {Session} session
 * @param {string} label
 * @param {readonly Starts[]} rounds
 * @param {number | null} floor
 */
function emit(session, label, rounds, floor) {
  const latencies = rounds.flatMap((one) => one.latencies);
  const p50 = median(rounds.map((one) => median(one.latencies)));
  session.emit("S1", label, {
    starts: latencies.filter((one) => one !== null).length,
    p50_ms: round(p50),
    p95_ms: round(percentile(latencies, 95)),
    floor_ms: round(floor),
    x_floor: round(times(p50, floor)),
    api_answer_p50_ms: round(median(rounds.flatMap((one) => one.answers))),
    rounds: rounds.length,
    failed: rounds.reduce((sum, one) => sum + one.failed, 0),
  });
}
