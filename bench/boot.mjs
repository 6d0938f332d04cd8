import { spawnSync } from "node:child_process";
import { figure, median } from "./rig/figures.mjs";
import { newFolder, startServer } from "./rig/server.mjs";

export const title = "A start when nothing has changed, until it is ready";

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const dataDir = newFolder();
  // The first start makes the database.
  await (await startServer(root, { dataDir })).stop();
  /** @type {{ npm: number[], node: number[], bare: number[] }} */
  const all = { npm: [], node: [], bare: [] };
  for (let round = 0; round < (quick ? 3 : 5); round += 1) {
    all.bare.push(await timed(() => spawnSync(process.execPath, ["-e", "0"])));
    all.npm.push(await untilReady(root, dataDir, ["npm", "start"]));
    all.node.push(await untilReady(root, dataDir, [process.execPath, "scripts/start.mjs"]));
  }
  return [
    figure("npm start → ready (baseline: node -e 0)", "ms", median(all.npm), median(all.bare)),
    figure("node scripts/start.mjs → ready (same baseline)", "ms", median(all.node), median(all.bare)),
  ];
}

/**
 * @param {string} root
 * @param {string} dataDir
 * @param {readonly [string, ...string[]]} command
 */
async function untilReady(root, dataDir, command) {
  /** @type {import("./rig/server.mjs").BenchServer | null} */
  let server = null;
  const took = await timed(async () => {
    server = await startServer(root, { dataDir, command });
  });
  await /** @type {import("./rig/server.mjs").BenchServer | null} */ (server)?.stop();
  return took;
}

/** @param {() => unknown} work */
async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
