import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Brings up the supervisor and the API from what is built, without Next: they answer a second before the first page could, and in the
 * same modules that pages use later, because Next takes the same file.
 * @param {string} root
 */
export async function bringUpCore(root) {
  const require = createRequire(import.meta.url);
  await require(join(root, process.env.UNSTUCK_DIST_DIR ?? ".next", "server/instrumentation.js")).register();
}
