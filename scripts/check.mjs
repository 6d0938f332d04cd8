import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNode } from "../bootstrap/ensure-node.mjs";
import { installOrExplain } from "./prepare/install.mjs";

/** `npm run lint` and `npm run typecheck`: parts of the gate that `npm run verify` runs whole. Installs what they need. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PARTS = /** @type {const} */ ({
  lint: ["format and lint", "types and promises", "doors"],
  typecheck: ["types and promises"],
});
const part = process.argv[2];
process.chdir(root);
await ensureNode();
if (part !== "lint" && part !== "typecheck") {
  console.error(`Expected lint or typecheck; found ${part ?? "nothing"}.`);
  process.exit(1);
}
await installOrExplain(root, { dev: true });
const { generateClient } = await import("./prepare/build.mjs");
await generateClient(root, console.log);
const { runGate } = await import("./prepare/gate.mjs");
const { failed } = await runGate(root, PARTS[part]);
process.exit(failed === 0 ? 0 : 1);
