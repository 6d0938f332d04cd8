import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

const BIN = "node_modules/.bin";
const RULED = [
  "api",
  "app",
  "bootstrap",
  "cli",
  "components",
  "lib",
  "server",
  "scripts",
  "examples",
  "instrumentation.ts",
  "instrumentation-client.ts",
];

/** Unchanged files are not read again. Kept in node_modules/.cache; by content, because git sets new times. */
const CACHED = ["--cache", "--cache-strategy", "content"];

/**
 * The checks that need no test runner: name, script, arguments. `npm run verify` and `npm test` run the same.
 * @type {readonly (readonly [string, string, readonly string[]])[]}
 */
const CHECKS = [
  ["types and promises", `${BIN}/oxlint`, ["--type-aware", "--type-check", "."]],
  ["schema and migrations", "scripts/migration.mjs", ["--check"]],
  ["format and lint", `${BIN}/biome`, ["ci", "--error-on-warnings", "."]],
  [
    "doors",
    `${BIN}/depcruise`,
    [...CACHED, "--config", ".dependency-cruiser.mjs", "--output-type", "err", ...RULED],
  ],
  ["unused code", `${BIN}/knip`, ["--no-config-hints", "--cache"]],
];

/** Both cores of a small machine; each check has one thread that does nearly all of its work. */
const AT_A_TIME = 2;

/**
 * Runs every check to its end, two at a time, whatever the others say, and shows what a failed one printed.
 * @param {string} root
 * @param {readonly string[]} [names] only these
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runGate(root, names) {
  const count = { passed: 0, failed: 0 };
  const waiting = CHECKS.filter(([name]) => names === undefined || names.includes(name));
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      count[(await check(root, next)) ? "passed" : "failed"] += 1;
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  return count;
}

/**
 * @param {string} root
 * @param {(typeof CHECKS)[number]} check
 * @returns {Promise<boolean>} whether it passed
 */
async function check(root, [name, tool, args]) {
  const began = performance.now();
  // Not by its first line: that would be run by whichever node is on PATH.
  const child = spawn(process.execPath, [tool, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  const [status, ...printed] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  const took = ((performance.now() - began) / 1_000).toFixed(1);
  console.log(`${name} ${status === 0 ? "✓" : "✗"} (${took} s)`);
  if (status !== 0) console.log(printed.join(""));
  return status === 0;
}
