import { readFileSync } from "node:fs";
import { cpus, release, type } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeProblem } from "./prepare/node-version.mjs";

/**
 * `npm run bench`: measures the built dashboard against the same work without it; docs/performance.md tells what each figure
 * means. `npm run bench -- start cpu` measures only those, `--quick` with fewer runs and rounds. Linux only.
 *
 * @typedef {{ root: string, quick: boolean }} Bench
 * @typedef {{ title: string, measure: (bench: Bench) => Promise<import("../bench/rig/figures.mjs").Figure[]> }} Benchmark
 */

const NAMES = [
  "boot",
  "start",
  "contention",
  "end",
  "stop-all",
  "memory",
  "cpu",
  "status",
  "log-writing",
  "log-reading",
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const quick = process.argv.includes("--quick");
await main();

async function main() {
  const unknown = asked.filter((name) => !NAMES.includes(name));
  const problem =
    nodeProblem(process.versions.node) ??
    (process.platform === "linux" ? null : "The benchmarks read /proc and need Linux.") ??
    (unknown.length > 0 ? `Expected ${NAMES.join(", ")}; found ${unknown.join(", ")}.` : null);
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
    const began = performance.now();
    const busy = loadAverage();
    try {
      const figures = await benchmark.measure({ root, quick });
      const took = Math.round((performance.now() - began) / 1_000);
      console.log(`\n${benchmark.title} (${name}: ${took} s; load before: ${busy})\n${table(figures)}`);
    } catch (error) {
      console.error(`\n${benchmark.title} (${name}) failed: ${error instanceof Error ? error.stack : error}`);
      process.exitCode = 1;
    } finally {
      await cleanUp();
    }
  }
}

/** Of the last minute: other work on the machine makes figures worse, and a reader must be able to see that. */
function loadAverage() {
  return readFileSync(join("/proc", "loadavg"), "utf8").split(" ")[0];
}

/** @param {string} sentence */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
