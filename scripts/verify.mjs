import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { generateClient } from "./prepare/build.mjs";
import { installPackages } from "./prepare/install.mjs";
import { run } from "./prepare/run.mjs";

/** `npm run verify`: the fast gate before every commit. No server, no browser, no build. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** @type {readonly (readonly [string, string, readonly string[]])[]} */
const STEPS = [
  ["format and lint", "biome", ["ci", "--error-on-warnings", "."]],
  ["types", "tsc", ["-p", "."]],
  ["promises", "eslint", ["."]],
  [
    "doors",
    "depcruise",
    [
      "--config",
      ".dependency-cruiser.mjs",
      "--output-type",
      "err",
      "app",
      "components",
      "lib",
      "server",
      "scripts",
      "examples",
      "instrumentation.ts",
    ],
  ],
  ["unused code", "knip", ["--no-config-hints"]],
  ["unit tests", "vitest", ["run", "--project", "unit"]],
];

try {
  await installPackages(root, { dev: true, say: console.log });
  await generateClient(root, console.log);
  console.log("schema and migrations …");
  await run(process.execPath, ["scripts/migration.mjs", "--check"], { cwd: root, quiet: true });
  await runSteps();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function runSteps() {
  for (const [name, tool, args] of STEPS) {
    const began = performance.now();
    await run(`node_modules/.bin/${tool}`, args, { cwd: root, quiet: true });
    console.log(`${name} ✓ (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }
}
