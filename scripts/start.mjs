import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNode } from "../bootstrap/ensure-node.mjs";

/**
 * `npm start`: from a bare machine with Node to a running dashboard, and within seconds when nothing has changed. `npm run dev` is the
 * same with hot reloading. Under a supported Node this process becomes the server; under another one it passes signals on.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dev = process.argv.includes("--dev");

await ensureNode({ ownGroup: true });
const { runDashboard, say } = await import("./prepare/run-dashboard.mjs");
await runDashboard(root, { dev, ready });

async function ready() {
  const { installPackages } = await import("./prepare/install.mjs");
  await installPackages(root, { dev, say });
  const { buildApp, generateClient, wantedBuild } = await import("./prepare/build.mjs");
  await generateClient(root, say);
  if (!dev) await buildApp(root, say, wantedBuild());
}
