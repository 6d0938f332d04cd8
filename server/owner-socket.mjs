import { chmodSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";

/**
 * The same API on a Unix socket in the data folder, mode 0600: who may connect is for the kernel to say, so it needs no password,
 * and no browser reaches it, so it needs no host guard (docs/decisions/0014-unix-socket.md).
 */

/** `sun_path` of Linux, with the byte 0 at its end. */
const MAX_PATH_BYTES = 107;
const CLOSE_BUDGET_MS = 3_000;

/**
 * Only for who holds the instance lock: whatever stands at the path was left by a dashboard that is gone, and is replaced.
 * @param {string} path
 * @param {import("node:http").RequestListener} answer
 * @returns {Promise<import("../lib/slot.mjs").OwnerSocket>}
 */
export async function openOwnerSocket(path, answer) {
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_PATH_BYTES)
    return unavailable(
      `the path ${path} has ${bytes} bytes, and a socket's may have ${MAX_PATH_BYTES}. The command line uses HTTP instead; use a shorter UNSTUCK_DATA_DIR`,
    );
  const server = createServer(answer);
  try {
    await listenPrivately(server, path);
  } catch (error) {
    server.close();
    return unavailable(error instanceof Error ? error.message : String(error));
  }
  return { path, why: null, close: () => close(server, path) };
}

/**
 * @param {string} why
 * @returns {import("../lib/slot.mjs").OwnerSocket}
 */
function unavailable(why) {
  return { path: null, why, close: async () => undefined };
}

/**
 * A socket is made with the mode the umask leaves, and the umask belongs to the whole process. So it is made in a folder no one else
 * may enter, and moved to its place, which replaces what is there in one step, when its mode is right.
 * @param {import("node:http").Server} server
 * @param {string} path
 */
async function listenPrivately(server, path) {
  // Not longer than the path itself: `/.sXXXXXX/s` has a byte less than `/unstuck.sock`.
  const folder = mkdtempSync(join(dirname(path), ".s"));
  const made = join(folder, "s");
  try {
    await new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(made, () => resolve(server.off("error", reject)));
    });
    chmodSync(made, 0o600);
    renameSync(made, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import("node:http").Server} server
 * @param {string} path
 */
async function close(server, path) {
  // Still under the instance lock: no other dashboard can have put its own here.
  rmSync(path, { force: true });
  const closed = new Promise((done) => server.close(() => done(undefined)));
  server.closeIdleConnections();
  const forced = setTimeout(() => server.closeAllConnections(), CLOSE_BUDGET_MS);
  await closed;
  clearTimeout(forced);
}
