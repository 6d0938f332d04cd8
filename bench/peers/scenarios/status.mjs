import { setTimeout as wait } from "node:timers/promises";
import { now, since } from "../clock.mjs";
import { asker, load, loop } from "../load.mjs";
import { median, percentile, round } from "../statistics.mjs";
import { namesOf, withSleepers } from "./common.mjs";

/**
 * @typedef {import("../session.mjs").Session} Session
 * @typedef {import("../adapters/adapter.mjs").StatusTarget} StatusTarget
 */

const ROUNDS = 3;
const CALLS = 20;
/** What has just been started is measured for the first time yet; then nothing changes any more. */
const SETTLE_MS = 5_000;

/**
 * S9: the status of 200 jobs, asked for on ten connections at once.
 * @param {Session} session
 * @param {import("../adapters/adapter.mjs").Adapter} adapter
 */
export async function measure(session, adapter) {
  if (adapter.statusTargets === undefined) return;
  const jobs = session.quick ? 20 : 200;
  await withSleepers(session, adapter, namesOf("s9", jobs), session.variantsOf(adapter, "S9")[0]?.boot);
  await wait(SETTLE_MS);
  for (const target of await adapter.statusTargets())
    if (target.cli === undefined) await underLoad(session, target, jobs);
    else await byCli(session, target, target.cli, jobs);
  await session.down(adapter);
}

/**
 * @param {Session} session
 * @param {StatusTarget} target
 * @param {NonNullable<StatusTarget["cli"]>} cli
 * @param {number} jobs
 */
async function byCli(session, target, cli, jobs) {
  const calls = [];
  for (let index = 0; index < (session.quick ? 2 : CALLS); index += 1) calls.push((await cli()).ms);
  session.emit("S9", target.label, { jobs, rps_10_conn: null, ...oneByOne(calls), tool: "CLI" });
}

/**
 * @param {Session} session
 * @param {StatusTarget} target
 * @param {number} jobs
 */
async function underLoad(session, target, jobs) {
  const { calls, kib } = await singleCalls(target);
  const seconds = session.quick ? 2 : 10;
  /** @type {import("../load.mjs").Load[]} */
  const rounds = [];
  for (let index = 0; index < (session.quick ? 1 : ROUNDS); index += 1)
    rounds.push(await loadOnce(session, target, seconds));
  const of = (/** @type {"perSecond" | "p50" | "p99" | "unchangedPercent"} */ key) =>
    median(rounds.map((one) => one[key] ?? null));
  session.emit("S9", target.label, {
    jobs,
    kind: target.kind ?? "other",
    rps_10_conn: round(of("perSecond")),
    p50_ms: round(of("p50"), 2),
    p99_ms: round(of("p99"), 2),
    ...(target.kind === "unchanged" ? { unchanged_pct: round(of("unchangedPercent")) } : {}),
    ...oneByOne(calls),
    answer_kb: round(kib, 0),
    errors: rounds.map((one) => one.errors).find((one) => one !== "none") ?? "none",
    tool: rounds[0]?.tool ?? "",
  });
}

/** @param {readonly number[]} calls */
function oneByOne(calls) {
  return {
    one_call_p50_ms: round(percentile(calls, 50)),
    one_call_p95_ms: round(percentile(calls, 95)),
  };
}

/**
 * By one client, one after the other, after a first call that does not count.
 * @param {StatusTarget} target
 */
async function singleCalls({ http, call, kind }) {
  const ask =
    http === undefined
      ? async () => Buffer.from(JSON.stringify(await call?.()))
      : asker(http, kind === "unchanged");
  const kib = (await ask()).length / 1_024;
  const calls = [];
  for (let index = 0; index < CALLS; index += 1) {
    const asked = now();
    await ask();
    calls.push(since(asked));
  }
  return { calls, kib };
}

/**
 * @param {Session} session
 * @param {StatusTarget} target
 * @param {number} seconds
 */
function loadOnce(session, { http, call, kind }, seconds) {
  if (http === undefined) return loop(async () => call?.(), seconds, "node loop, 10 in flight");
  return load(http, { seconds, folder: session.folder, unchanged: kind === "unchanged" });
}
