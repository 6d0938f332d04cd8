import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNode } from "../bootstrap/ensure-node.mjs";

/**
 * `npm run advisories`: whether an advisory is known for a version that the production tree pins. A second opinion beside `npm audit`: each advisory
 * is held against our versions here, and what the two say is compared. Exit code 1: high or critical, or they disagree. 2: it could not be found out.
 */

const root = process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)));
await ensureNode();
const { CannotTell } = await import("./advisories/cannot-tell.mjs");
const { secondOpinion } = await import("./advisories/second-opinion.mjs");
try {
  const { lines, isBad } = await secondOpinion(root);
  for (const line of lines) console.log(line);
  process.exitCode = isBad ? 1 : 0;
} catch (error) {
  if (!(error instanceof CannotTell)) throw error;
  console.error(`Whether advisories are known could not be found out: ${error.message}`);
  process.exitCode = 2;
}
