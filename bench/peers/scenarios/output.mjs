import { statSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "../../rig/processes.mjs";
import { now, since, waitFor, withTimeout } from "../clock.mjs";
import { messageOf } from "../programs.mjs";
import { timeOf } from "../stamps.mjs";
import { median, round } from "../statistics.mjs";
import { countLines, countLinesOf, linesIn, mark } from "./lines.mjs";
import { Meter } from "./meter.mjs";

/**
 * @typedef {import("../session.mjs").Session} Session
 * @typedef {import("../adapters/adapter.mjs").Adapter} Adapter
 * @typedef {import("../adapters/adapter.mjs").Variant} Variant
 * @typedef {{ childMs: number | null, doneMs: number | null, lost: number | null, cpuS: number | null, peakMib: number | null,
 *   tails: number[], whole: boolean, notes: string[], over: boolean }} Round
 */

const ROUNDS = 3;
/** No further round is begun after this. */
const BUDGET_MS = 100_000;
const LINES = 1_000_000;
const QUICK_LINES = 50_000;
const TAIL = 1_000;
const LOOK_MS = 100;
/** A log that has not grown for so long is complete. */
const STILL_MS = 2_000;

/**
 * S10: a child prints 1,000,000 lines of 100 bytes; then its last 1,000 are asked for.
 * @param {Session} session
 * @param {Adapter} adapter
 */
export async function measure(session, adapter) {
  for (const variant of session.variantsOf(adapter, "S10")) {
    await session.fresh(adapter, variant.boot);
    const began = now();
    /** @type {Round[]} */
    const rounds = [];
    for (let index = 0; index < (session.quick ? 1 : (adapter.outputRounds ?? ROUNDS)); index += 1) {
      if ((index > 0 && since(began) > BUDGET_MS) || rounds.at(-1)?.over) break;
      rounds.push(await oneRound(session, adapter, variant, `s10x${index}`));
    }
    emit(session, adapter, variant, rounds);
    await session.down(adapter);
  }
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {Variant} variant
 * @param {string} name
 * @returns {Promise<Round>}
 */
async function oneRound(session, adapter, variant, name) {
  const total = session.quick ? QUICK_LINES : LINES;
  session.clearStamps();
  const spec = { name, argv: session.argv("lines", name, total), ...variant.spec };
  await adapter.define([spec], variant.define ?? {});
  const meter = new Meter(session, adapter);
  await adapter.start(name);
  const begun = await session.stamp(name);
  if (begun === null) return { ...NOTHING, notes: ["the child never started"], over: true };
  const { over, grown } = await watch(session, adapter, spec, begun.pid, meter);
  const written = session.stamps().find((stamp) => stamp.name === `${name}-written`);
  const writtenAt = written === undefined ? null : timeOf(written);
  const found = await linesFound(adapter, spec, total);
  const tail = spec.pipe ? { tails: [], problem: "" } : await readTails(adapter, name, total);
  const runs = session.stamps().filter((stamp) => stamp.name === name).length;
  return {
    childMs: writtenAt === null ? null : Number(writtenAt - begun.at) / 1e6,
    doneMs: Number(grown - begun.at) / 1e6,
    lost: total - found.whole,
    ...meter.result(),
    tails: tail.tails,
    whole: tail.problem === "",
    notes: [
      runs > 1 ? `the child was run ${runs} times for one start` : "",
      found.torn > 0 ? `${found.torn} lines torn by a log prefix put in the middle` : "",
      over ? `stopped watching while the child was ${isRunning(begun.pid) ? "still printing" : "gone"}` : "",
      tail.problem,
    ],
    over,
  };
}

/** @type {Round} */
const NOTHING = {
  childMs: null,
  doneMs: null,
  lost: null,
  cpuS: null,
  peakMib: null,
  tails: [],
  whole: false,
  notes: [],
  over: false,
};

/**
 * Until the child has written all, or has ended, and the log stands still.
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {import("../adapters/adapter.mjs").Spec} spec
 * @param {number} pid
 * @param {Meter} meter
 */
async function watch(session, adapter, spec, pid, meter) {
  const began = now();
  const limit = session.quick ? 30_000 : 150_000;
  let size = -1;
  let grown = now();
  for (;;) {
    await wait(LOOK_MS);
    meter.look();
    const found = logSize(adapter, spec);
    if (found !== size) {
      size = found;
      grown = now();
    }
    const written = session.stamps().some((stamp) => stamp.name === `${spec.name}-written`);
    if ((written || !isRunning(pid)) && since(grown) > STILL_MS) return { over: false, grown };
    if (since(began) > limit) return { over: true, grown };
  }
}

/**
 * @param {Adapter} adapter
 * @param {import("../adapters/adapter.mjs").Spec} spec
 */
function logSize(adapter, spec) {
  if (adapter.logSize !== undefined) return adapter.logSize(spec.name);
  const sizes = partsOf(adapter, spec).map(
    ({ path }) => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * @param {Adapter} adapter
 * @param {import("../adapters/adapter.mjs").Spec} spec
 */
function partsOf(adapter, { name, pipe }) {
  return (pipe ? adapter.pipedLog?.() : adapter.logParts?.(name)) ?? [];
}

/**
 * @param {Adapter} adapter
 * @param {import("../adapters/adapter.mjs").Spec} spec
 * @param {number} total
 */
async function linesFound(adapter, spec, total) {
  const { wholeLog } = adapter;
  if (wholeLog === undefined) return countLines(partsOf(adapter, spec), total);
  let found = { whole: 0, torn: 0 };
  await waitFor(
    async () => {
      found = countLinesOf(await wholeLog.call(adapter, spec.name), total);
      return found.whole > 0;
    },
    { limitMs: 60_000, everyMs: 1_000 },
  );
  return found;
}

/**
 * @param {Adapter} adapter
 * @param {string} name
 * @param {number} total
 */
async function readTails(adapter, name, total) {
  /** @type {number[]} */
  const tails = [];
  let problem = "";
  for (let index = 0; index < 5; index += 1) {
    const asked = now();
    try {
      const text = await withTimeout(adapter.tail?.(name, TAIL) ?? Promise.resolve(""), 60_000, "tail");
      tails.push(since(asked));
      const last = text.includes(mark(total - 1)) ? "there" : "missing";
      const lines = linesIn(text);
      if (last === "missing" || lines < TAIL - 10)
        problem ||= `tail returned ${lines} lines, last line ${last}`;
    } catch (error) {
      return { tails, problem: messageOf(error) };
    }
  }
  return { tails, problem };
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {Variant} variant
 * @param {readonly Round[]} rounds
 */
function emit(session, adapter, variant, rounds) {
  const of = (/** @type {"childMs" | "doneMs" | "cpuS" | "peakMib"} */ key) =>
    median(rounds.map((one) => one[key]));
  const tails = rounds.flatMap((one) => one.tails);
  const lost = rounds.flatMap((one) => (one.lost === null ? [] : [one.lost]));
  const notes = rounds.flatMap((one) => one.notes).filter((note) => note !== "");
  if (tails.length > 0 && adapter.tailHow !== undefined) notes.push(`tail by: ${adapter.tailHow}`);
  session.emit(
    "S10",
    variant.label,
    {
      lines: session.quick ? QUICK_LINES : LINES,
      child_s: round(inSeconds(of("childMs")), 2),
      log_complete_s: round(inSeconds(of("doneMs")), 2),
      lines_lost: lost.length === 0 ? null : Math.max(...lost),
      cpu_s: round(of("cpuS"), 2),
      peak_pss_mb: round(of("peakMib"), 0),
      tail_1000_ms: round(median(tails), 2),
      tail_complete: tails.length === 0 ? null : rounds.every((one) => one.whole),
      rounds: rounds.length,
      each_round_lost: lost.join(" "),
    },
    [...new Set(notes)].join("; "),
  );
}

/** @param {number | null} ms */
function inSeconds(ms) {
  return ms === null ? null : ms / 1_000;
}
