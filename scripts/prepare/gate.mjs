import { spawnSync } from "node:child_process";

const BIN = "node_modules/.bin";
const RULED = [
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

/**
 * The checks that need no test runner: name, script, arguments. `npm run verify` and `npm test` run the same.
 * @type {readonly (readonly [string, string, readonly string[]])[]}
 */
const CHECKS = [
  ["schema and migrations", "scripts/migration.mjs", ["--check"]],
  ["format and lint", `${BIN}/biome`, ["ci", "--error-on-warnings", "."]],
  ["types", `${BIN}/tsc`, ["-p", "."]],
  ["promises", `${BIN}/eslint`, ["."]],
  ["doors", `${BIN}/depcruise`, ["--config", ".dependency-cruiser.mjs", "--output-type", "err", ...RULED]],
  ["unused code", `${BIN}/knip`, ["--no-config-hints"]],
];

/**
 * Runs every check to its end, whatever the others say, and shows what a failed one printed.
 * @param {string} root
 * @returns {{ passed: number, failed: number }}
 */
export function runGate(root) {
  const count = { passed: 0, failed: 0 };
  for (const [name, tool, args] of CHECKS) {
    const began = performance.now();
    // Not by its first line: that would be run by whichever node is on PATH.
    const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], {
      cwd: root,
      encoding: "utf8",
    });
    const took = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(`${name} ${status === 0 ? "✓" : "✗"} (${took} s)`);
    if (status !== 0) console.log(`${stdout}${stderr}`);
    count[status === 0 ? "passed" : "failed"] += 1;
  }
  return count;
}
