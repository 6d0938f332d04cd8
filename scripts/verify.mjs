import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNode } from "../bootstrap/ensure-node.mjs";
import { generateClient } from "./prepare/build.mjs";
import { runGate } from "./prepare/gate.mjs";
import { installPackages } from "./prepare/install.mjs";
import { run } from "./prepare/run.mjs";

/** `npm run verify`: the fast gate before every commit. No server, no browser, no build. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
await ensureNode();

try {
  await installPackages(root, { dev: true, say: console.log });
  await generateClient(root, console.log);
  const { failed } = await runGate(root);
  if (failed > 0) throw new Error(`${failed} of the checks above failed.`);
  await run(process.execPath, ["node_modules/.bin/vitest", "run", "--project", "unit"], {
    cwd: root,
    quiet: true,
  });
  console.log("unit tests ✓");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
