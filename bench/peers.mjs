import { appendFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { dirname } from "node:path";
import { adapterOf } from "./peers/adapters/adapter.mjs";
import { now, since, withTimeout } from "./peers/clock.mjs";
import { optionsOf } from "./peers/options.mjs";
import { buildProbe } from "./peers/probe.mjs";
import { messageOf } from "./peers/programs.mjs";
import { SCENARIOS } from "./peers/scenarios/all.mjs";
import { Session } from "./peers/session.mjs";
import { comparison, rowLine } from "./peers/table.mjs";
import { newFolder } from "./rig/server.mjs";

export const title = "Beside other supervisors";

const SCENARIO_LIMIT_MS = 600_000;
const QUICK =
  "Quick: one round, with 20 jobs for 200 and 30 for 1,000; it shows only that all of them answer.\n\n";

/**
 * @typedef {import("./peers/table.mjs").Row} Row
 * @typedef {import("./peers/options.mjs").Options} Options
 * @typedef {{ name: string, adapter: import("./peers/adapters/adapter.mjs").Adapter, version: string, pass: number }} Peer
 */

/**
 * The same questions to Unstuck and to other supervisors, each with a fresh daemon for each scenario.
 * @param {import("../scripts/bench.mjs").Bench} bench
 * @returns {Promise<string>} the comparison
 */
export async function measure({ root, quick, words }) {
  const options = optionsOf(words);
  const folder = newFolder();
  // Some start their daemon, or their jobs, by the first `node` there is.
  process.env.PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  const session = new Session({
    root,
    folder,
    probe: buildProbe(folder),
    quick,
    variant: options.variant,
  });
  /** @type {Row[]} */
  const rows = [];
  const keep = (/** @type {Row} */ row) => {
    rows.push(row);
    console.log(rowLine(row));
    if (options.out !== undefined) appendFileSync(options.out, `${JSON.stringify(row)}\n`);
  };
  for (let pass = 1; pass <= options.passes; pass += 1)
    for (const name of options.peers) await measurePeer(session, options, { name, pass }, keep);
  return `${quick ? QUICK : ""}${comparison(rows)}`;
}

/**
 * @param {Session} session
 * @param {Options} options
 * @param {{ name: string, pass: number }} which
 * @param {(row: Row) => void} keep
 */
async function measurePeer(session, { scenarios, capMs }, { name, pass }, keep) {
  const adapter = await adapterOf(name, session);
  const found = await adapter.available();
  const common = { peer: name, title: adapter.title, version: found.ok ? found.version : null, pass };
  session.emit = (scenario, variant, metrics, note = "") =>
    keep({ ...common, scenario, variant, metrics, note, idlePercent: session.idlePercent });
  if (!found.ok) return session.emit("setup", "", { ran: false }, found.why);
  session.emit("setup", "", setting(session.quick), `version ${found.version}`);
  const began = now();
  for (const scenario of scenarios.filter((one) => adapter.scenarios?.includes(one) ?? true))
    if (since(began) > capMs)
      session.emit(scenario, "", { ran: false }, `the peer's time of ${capMs / 1_000} s was over`);
    else await measureScenario(session, adapter, scenario);
}

/**
 * A failure is a row, and the next scenario begins with a fresh daemon.
 * @param {Session} session
 * @param {import("./peers/adapters/adapter.mjs").Adapter} adapter
 * @param {string} scenario
 */
async function measureScenario(session, adapter, scenario) {
  const began = now();
  try {
    const work = SCENARIOS[scenario]?.(session, adapter) ?? Promise.resolve();
    await withTimeout(work, SCENARIO_LIMIT_MS, scenario);
  } catch (error) {
    session.emit(scenario, "", { ran: false }, `failed: ${messageOf(error)}`);
    if (process.env.BENCH_DEBUG) console.error(error);
    await session.down(adapter);
  }
  console.error(`${adapter.title} ${scenario}: ${Math.round(since(began) / 1_000)} s`);
}

/** @param {boolean} quick */
function setting(quick) {
  return {
    ran: true,
    quick,
    node: process.versions.node,
    cpus: cpus().length,
    mem_gb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    at: new Date().toISOString(),
  };
}
