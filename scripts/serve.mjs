import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNode } from "../bootstrap/ensure-node.mjs";

/**
 * `npm run serve`: the dashboard from what is already built. It installs nothing, builds nothing and writes nothing into this folder
 * but the data folder, if that is here; what is missing is said in one sentence, and it ends with 1. For services and read-only folders.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await ensureNode({ ownGroup: true, bring: false });
const { runDashboard } = await import("./prepare/run-dashboard.mjs");
await runDashboard(root, { dev: false, ready });

async function ready() {
  const { missingBuild } = await import("./prepare/missing-build.mjs");
  const problem = missingBuild(root);
  if (problem !== null) throw new Error(problem);
}
