import { spawnSync } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNode } from "../bootstrap/ensure-node.mjs";
import { wantDebianPackages } from "./prepare/debian.mjs";
import { installOrExplain } from "./prepare/install.mjs";

/**
 * `npm run torture -- --seed 1 --minutes 5`: everything that can happen to a host happens to a real server, in an order the seed
 * decides; docs/reliability.md tells what is demanded. `--kills N` ends it after N ended servers, `--jobs N` sets how many
 * jobs there are, `--report FILE` adds the summary to a file. Several seeds: `--seed 1,2,3`. Linux only; root can fill the disk.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
await ensureNode();
const { values, problem } = await wishes();
const unfit =
  (process.platform === "linux" ? null : "The torture test reads /proc and needs Linux.") ?? problem;
if (unfit !== null) {
  console.error(unfit);
  process.exit(1);
}
process.chdir(root);
await installOrExplain(root, { dev: true });
await wantDebianPackages(["torture"], console.log);
const vitest = [join(root, "node_modules/.bin/vitest"), "run", "--project", "torture"];
const args = [...vitest, "--disableConsoleIntercept=true", "test/torture/model.test.ts"];
const { status } = spawnSync(process.execPath, args, {
  stdio: "inherit",
  env: { ...process.env, ...environment() },
});
process.exit(status ?? 1);

async function wishes() {
  const { parseArgs } = await import("node:util");
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: "string", default: String(Date.now() % 1_000_000) },
        minutes: { type: "string", default: "5" },
        kills: { type: "string" },
        jobs: { type: "string" },
        report: { type: "string" },
      },
    });
    const { report: _file, seed, ...others } = values;
    const wrong = [...seed.split(","), ...Object.values(others)].find((text) => !(Number(text) >= 0));
    return { values, problem: wrong === undefined ? null : `Expected a number, found "${wrong}".` };
  } catch (error) {
    return { values: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

function environment() {
  const { seed, minutes, kills, jobs, report } = values ?? {};
  return {
    TORTURE_SEEDS: seed,
    TORTURE_MINUTES: minutes,
    ...(kills === undefined ? {} : { TORTURE_KILLS: kills }),
    ...(jobs === undefined ? {} : { TORTURE_JOBS: jobs }),
    ...(report === undefined ? {} : { TORTURE_REPORT: resolve(report) }),
  };
}
