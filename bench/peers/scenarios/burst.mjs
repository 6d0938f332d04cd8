import { setTimeout as wait } from "node:timers/promises";
import { now, since, waitFor } from "../clock.mjs";
import { supervisorPids, totalCpuMs } from "../processes.mjs";
import { messageOf } from "../programs.mjs";
import { timeOf } from "../stamps.mjs";
import { median, round, times } from "../statistics.mjs";
import { allRunning, listOrNull, namesOf, noneRunning } from "./common.mjs";

/**
 * @typedef {import("../session.mjs").Session} Session
 * @typedef {import("../adapters/adapter.mjs").Adapter} Adapter
 * @typedef {{ floor: number | null, up: number | null, upReal: number | null, cpu: number | null, down: number | null,
 *   downReal: number | null, note: string }} Round in milliseconds
 */

const ROUNDS = 3;
/** No further round is begun after this. */
const BUDGET_MS = 100_000;
const LIMIT_MS = 120_000;

/**
 * S2: 200 at once up, and down again: until the system says so, and until it is so.
 * @param {Session} session
 * @param {Adapter} adapter
 */
export async function measure(session, adapter) {
  const count = session.quick ? 20 : 200;
  for (const variant of session.variantsOf(adapter, "S2")) {
    await session.fresh(adapter, variant.boot);
    const began = now();
    /** @type {Round[]} */
    const rounds = [];
    for (let index = 0; index < (session.quick ? 1 : ROUNDS); index += 1) {
      if (index > 0 && since(began) > BUDGET_MS) break;
      rounds.push(await oneRound(session, adapter, namesOf(`s2r${index}`, count)));
    }
    emit(session, variant.label, count, rounds);
    await session.down(adapter);
  }
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {string[]} names
 * @returns {Promise<Round>}
 */
async function oneRound(session, adapter, names) {
  session.clearStamps();
  const floor = await session.floor(names.length, "at once");
  await adapter.define(names.map((name) => session.sleeper(name)));
  const started = await up(session, adapter, names);
  await wait(500);
  const stopped = await down(session, adapter, names);
  await adapter.forget(names);
  return { floor, ...started, ...stopped, note: started.problem || stopped.problem };
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {string[]} names
 */
async function up(session, adapter, names) {
  const daemons = adapter.daemonPids();
  const cpuBefore = totalCpuMs(daemons);
  const asked = now();
  let problem = "";
  const call = adapter.startMany(names).catch((error) => {
    problem = `start: ${messageOf(error)}`;
  });
  const said = await allRunning(adapter, names, { limitMs: LIMIT_MS });
  const upMs = said.ok ? since(asked) : null;
  await call;
  if (!said.ok) {
    const running = (await listOrNull(adapter))?.filter((one) => one.running).length ?? 0;
    problem ||= `only ${running} of ${names.length} in ${LIMIT_MS / 1_000} s`;
  }
  const upReal = await lastBegan(session, names.length, asked);
  const cpu = daemons.length === 0 ? null : totalCpuMs(supervisorPids(daemons, session.folder)) - cpuBefore;
  return { up: upMs, upReal, cpu, problem };
}

/**
 * Until the last child had begun, by its own stamp: a status can be ahead of the truth.
 * @param {Session} session
 * @param {number} count
 * @param {bigint} asked
 */
async function lastBegan(session, count, asked) {
  await waitFor(() => session.stamps().length >= count);
  await wait(20);
  const began = session.stamps().map((stamp) => Number((timeOf(stamp) ?? asked) - asked) / 1e6);
  return began.length >= count ? Math.max(...began) : null;
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {string[]} names
 */
async function down(session, adapter, names) {
  const asked = now();
  let problem = "";
  const reallyGone = waitFor(() => session.probes().length === 0, { limitMs: LIMIT_MS, everyMs: 40 });
  const call = adapter.stopMany(names).catch((error) => {
    problem = `stop: ${messageOf(error)}`;
  });
  const said = await noneRunning(adapter, names, { limitMs: LIMIT_MS });
  const downMs = said.ok ? since(asked) : null;
  await call;
  const gone = await reallyGone;
  return { down: downMs, downReal: gone.ok ? gone.ms : null, problem };
}

/**
 * @param {Session} session
 * @param {string} label
 * @param {number} count
 * @param {readonly Round[]} rounds
 */
function emit(session, label, count, rounds) {
  const of = (/** @type {Exclude<keyof Round, "note">} */ key) => median(rounds.map((one) => one[key]));
  session.emit(
    "S2",
    label,
    {
      jobs: count,
      up_status_ms: round(of("up"), 0),
      up_real_ms: round(of("upReal"), 0),
      floor_ms: round(of("floor"), 0),
      x_floor: round(times(of("up"), of("floor"))),
      down_status_ms: round(of("down"), 0),
      down_real_ms: round(of("downReal"), 0),
      cpu_start_ms: round(of("cpu"), 0),
      rounds: rounds.length,
    },
    rounds.map((one) => one.note).find((note) => note !== ""),
  );
}
