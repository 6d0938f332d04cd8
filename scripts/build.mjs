import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNode } from "../bootstrap/ensure-node.mjs";

/** `npm run build`: all that `npm run serve` needs, on a machine that may have nothing but Node. What is already there is left as it is. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
await ensureNode();
try {
  const { installPackages } = await import("./prepare/install.mjs");
  await installPackages(root, { dev: false, say: console.log });
  const { buildApp, generateClient, wantedBuild } = await import("./prepare/build.mjs");
  await generateClient(root, console.log);
  await buildApp(root, console.log, wantedBuild());
  console.log('Built. "npm run serve" starts it.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
