import { spawnSync } from "node:child_process";
import { join } from "node:path";

const RULED = ["app", "cli", "components", "lib", "server", "scripts", "examples", "instrumentation.ts"];

/**
 * The checks that need no test runner: name, program, arguments. `npm run verify` and `npm test` run the same.
 * @type {readonly (readonly [string, string, readonly string[]])[]}
 */
const CHECKS = [
  ["schema and migrations", process.execPath, ["scripts/migration.mjs", "--check"]],
  ["format and lint", "biome", ["ci", "--error-on-warnings", "."]],
  ["types", "tsc", ["-p", "."]],
  ["promises", "eslint", ["."]],
  ["doors", "depcruise", ["--config", ".dependency-cruiser.mjs", "--output-type", "err", ...RULED]],
  ["unused code", "knip", ["--no-config-hints"]],
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
    const command = tool === process.execPath ? tool : join(root, "node_modules/.bin", tool);
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
    const took = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(`${name} ${status === 0 ? "✓" : "✗"} (${took} s)`);
    if (status !== 0) console.log(`${stdout}${stderr}`);
    count[status === 0 ? "passed" : "failed"] += 1;
  }
  return count;
}
