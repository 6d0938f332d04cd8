import { cpus, release, type } from "node:os";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ensureNode } from "../bootstrap/ensure-node.mjs";

/**
 * `npm run bench`: measures the built dashboard against the same work without it; docs/performance.md tells what each figure
 * means. `npm run bench -- start cpu` measures only those, `--quick` with fewer runs and rounds. Linux only.
 *
 * @typedef {{ root: string, quick: boolean, words: Readonly<Record<string, string | undefined>> }} Bench `words`: what else was asked for
 * @typedef {{ title: string, measure: (bench: Bench) => Promise<import("../bench/rig/figures.mjs").Figure[] | string> }} Benchmark it answers
 * figures, or a table of its own
 */

const PATIENCE_MS = 180_000;
const QUIET_PERCENT = 5;
const LOOK_MS = 3_000;

const NAMES = [
  "boot",
  "start",
  "contention",
  "end",
  "stop-all",
  "memory",
  "cpu",
  "life",
  "usage",
  "status",
  "schedules",
  "stuck",
  "history",
  "log-writing",
  "log-cap",
  "log-reading",
  "accounts",
];
/** They take an hour, or 10 GB, so they are measured only when they are named. */
const BY_NAME_ONLY = ["loop", "peers", "scale"];
/** Options of `peers`. */
const WORDS = ["peer", "scenarios", "out", "variant", "passes", "cap"];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
await ensureNode();
const { asked, quick, words } = await commandLine();
await main();

async function commandLine() {
  // Not from the first line on: a Node too old for the rest has no such function.
  const { parseArgs } = await import("node:util");
  const text = Object.fromEntries(WORDS.map((word) => [word, { type: /** @type {const} */ ("string") }]));
  try {
    const options = { ...text, quick: { type: /** @type {const} */ ("boolean"), default: false } };
    const { positionals, values } = parseArgs({ options, allowPositionals: true });
    const { quick: isQuick, ...rest } = values;
    return { asked: positionals, quick: isQuick === true, words: /** @type {Bench["words"]} */ (rest) };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

async function main() {
  const unknown = asked.filter((name) => ![...NAMES, ...BY_NAME_ONLY].includes(name));
  const problem =
    (process.platform === "linux" ? null : "The benchmarks read /proc and need Linux.") ??
    (unknown.length > 0
      ? `Expected ${[...NAMES, ...BY_NAME_ONLY].join(", ")}; found ${unknown.join(", ")}.`
      : null);
  if (problem !== null) return fail(problem);
  process.chdir(root);
  try {
    await prepare();
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  await measureAll();
}

/** The build users run: the one for tests has fault points in it. */
async function prepare() {
  const { installPackages } = await import("./prepare/install.mjs");
  await installPackages(root, { dev: true, say: console.log });
  const { buildApp, generateClient } = await import("./prepare/build.mjs");
  await generateClient(root, console.log);
  await buildApp(root, console.log, { distDir: ".next", testBuild: false });
}

async function measureAll() {
  const { cleanUp } = await import("../bench/rig/server.mjs");
  const { table } = await import("../bench/rig/table.mjs");
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  console.log(
    `${cpus().length} cores, ${type()} ${release()}, Node ${process.versions.node}${quick ? ", quick" : ""}`,
  );
  for (const name of asked.length > 0 ? asked : NAMES) {
    /** @type {Benchmark} */
    const benchmark = await import(`../bench/${name}.mjs`);
    const busyBefore = await quietMachine(quick ? 0 : PATIENCE_MS);
    const began = performance.now();
    try {
      const figures = await benchmark.measure({ root, quick, words });
      const took = Math.round((performance.now() - began) / 1_000);
      await cleanUp();
      const others = `others took ${busyBefore} % of the machine before, ${await busyPercent()} % after`;
      const shown = typeof figures === "string" ? figures : table(figures);
      console.log(`\n${benchmark.title} (${name}: ${took} s; ${others})\n${shown}`);
    } catch (error) {
      console.error(`\n${benchmark.title} (${name}) failed: ${error instanceof Error ? error.stack : error}`);
      process.exitCode = 1;
    } finally {
      await cleanUp();
    }
  }
}

/**
 * Other work makes figures worse, so a benchmark waits for it to end, but not for ever.
 * @param {number} patienceMs
 * @returns {Promise<number>} how busy the machine is now, in percent
 */
async function quietMachine(patienceMs) {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const busy = await busyPercent();
    if (busy <= QUIET_PERCENT || performance.now() > deadline) return busy;
  }
}

/** Share of all cores that was in use during the next seconds, while this program does nothing. */
async function busyPercent() {
  const before = cpuTimes();
  await wait(LOOK_MS);
  const after = cpuTimes();
  return Math.round(100 * (1 - (after.idle - before.idle) / (after.total - before.total)));
}

function cpuTimes() {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.idle + times.user + times.nice + times.sys + times.irq;
  }
  return { idle, total };
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
