import { setTimeout as wait } from "node:timers/promises";
import { now, since } from "../clock.mjs";
import { countCpu, everyHelper, pssMib } from "../processes.mjs";
import { median, round } from "../statistics.mjs";
import { allRunning, namesOf } from "./common.mjs";

/**
 * @typedef {import("../session.mjs").Session} Session
 * @typedef {import("../adapters/adapter.mjs").Adapter} Adapter
 * @typedef {"some" | "many"} Size
 * @typedef {{ pss: number, daemon: number, helpers: number, cpu: number }} Window MiB, and percent of a core
 */

const COUNTS = { some: 200, many: 1_000 };
const QUICK_COUNTS = { some: 10, many: 30 };
const WINDOWS = 3;
const START_LIMIT_MS = 150_000;

/**
 * S3: what it costs to start and then to hold idle jobs, every helper counted.
 * @param {Session} session
 * @param {Adapter} adapter
 */
export async function measure(session, adapter) {
  for (const variant of session.variantsOf(adapter, "S3"))
    for (const size of variant.sizes ?? /** @type {const} */ (["some", "many"])) {
      await session.fresh(adapter, variant.boot);
      const empty = pssMib(everyHelper(adapter.daemonPids(), session.folder));
      await hold(session, adapter, variant.label, size, empty);
      await session.down(adapter);
    }
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {string} label
 * @param {Size} size
 * @param {number} empty MiB without a job
 */
async function hold(session, adapter, label, size, empty) {
  const count = (session.quick ? QUICK_COUNTS : COUNTS)[size];
  const names = namesOf("s3", count);
  await adapter.define(names.map((name) => session.sleeper(name)));
  const started = await startAll(adapter, names);
  await wait(session.quick ? 1_000 : 8_000);
  const held = session.probes().length;
  /** @type {Window[]} */
  const windows = [];
  for (let index = 0; index < (session.quick ? 1 : WINDOWS); index += 1)
    windows.push(await observe(session, adapter));
  const of = (/** @type {keyof Window} */ key) => median(windows.map((one) => one[key]));
  session.emit(
    "S3",
    label,
    {
      size,
      jobs: count,
      held,
      empty_pss_mb: round(empty),
      pss_mb: round(of("pss")),
      daemon_pss_mb: round(of("daemon")),
      helpers: of("helpers"),
      kb_per_job: round((((of("pss") ?? 0) - empty) * 1_024) / Math.max(1, held)),
      cpu_pct: round(of("cpu"), 2),
      start_s: round(started.ms / 1_000, 2),
    },
    started.ok ? "" : `did not report all ${count} running in ${START_LIMIT_MS / 1_000} s`,
  );
  await adapter.stopMany(names).catch(() => undefined);
}

/**
 * @param {Adapter} adapter
 * @param {string[]} names
 */
async function startAll(adapter, names) {
  const asked = now();
  const call = adapter.startMany(names).catch(() => undefined);
  const { ok } = await allRunning(adapter, names, { limitMs: START_LIMIT_MS, everyMs: 500 });
  await Promise.race([call, wait(20_000, undefined, { ref: false })]);
  return { ok, ms: since(asked) };
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @returns {Promise<Window>}
 */
async function observe(session, adapter) {
  const daemons = adapter.daemonPids();
  const pids = everyHelper(daemons, session.folder);
  const pss = pssMib(pids);
  const daemon = pssMib(daemons);
  const used = countCpu(pids);
  const began = now();
  await wait(session.quick ? 3_000 : 30_000);
  return { pss, daemon, helpers: pids.length - daemons.length, cpu: (100 * used()) / since(began) };
}
