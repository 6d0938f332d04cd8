import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { EXIT, Refusal } from "./exit-codes.mjs";

/**
 * Where the dashboard is. On its own machine by its socket, which needs no password; from elsewhere by its URL.
 *
 * @typedef {{ socket: string } | { url: string }} Door
 * @typedef {{ doors: Door[], dataDir: string | null, named: string }} Place `dataDir` null: it may be on another machine
 */

/** The checkout this file belongs to, also when it is called by a link to it. */
export const ROOT = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const USUAL_URL = "http://127.0.0.1:3000";

/**
 * What was said on the command line wins over the environment; of that, what a run was handed by its own dashboard comes first.
 * @param {{ url?: string | undefined, data?: string | undefined }} said
 * @param {NodeJS.ProcessEnv} env
 * @returns {Place}
 */
export function placeOf(said, env) {
  if (said.url !== undefined && said.data !== undefined)
    throw new Refusal(EXIT.usage, "Expected --url or --data, found both. Leave one of them out.");
  if (said.url !== undefined) return byUrl(said.url);
  if (said.data !== undefined) return byFolder(resolve(said.data));
  if (env.UNSTUCK_SOCKET)
    return { doors: [{ socket: env.UNSTUCK_SOCKET }], dataDir: null, named: env.UNSTUCK_SOCKET };
  if (env.UNSTUCK_URL) return byUrl(env.UNSTUCK_URL);
  const set = env.UNSTUCK_DATA_DIR || settings().UNSTUCK_DATA_DIR;
  // As the dashboard itself reads it: relative to the checkout.
  const folder = resolve(ROOT, set || "data");
  return set || existsSync(folder) ? byFolder(folder) : byUrl(USUAL_URL);
}

/** @param {string} text */
function byUrl(text) {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new Refusal(EXIT.usage, `Expected the dashboard's URL, found "${text}". Example: ${USUAL_URL}`);
  const url = text.replace(/\/+$/, "");
  return { doors: [{ url }], dataDir: null, named: new URL(url).origin };
}

/**
 * @param {string} dataDir
 * @returns {Place}
 */
function byFolder(dataDir) {
  const url = holderOf(dataDir)?.origin;
  const doors = [{ socket: join(dataDir, "unstuck.sock") }, ...(url === undefined ? [] : [{ url }])];
  return { doors, dataDir, named: dataDir };
}

/**
 * Who says to use the data folder. A courtesy of theirs, so it is believed only while such a process is there.
 * @param {string} dataDir
 * @returns {{ pid: number, origin: string } | null}
 */
export function holderOf(dataDir) {
  try {
    const { pid, origin } = JSON.parse(readFileSync(join(dataDir, "instance.lock.holder"), "utf8"));
    process.kill(pid, 0);
    return URL.canParse(origin) ? { pid, origin } : null;
  } catch {
    return null;
  }
}

/** The checkout's .env, which the dashboard reads too. */
function settings() {
  try {
    return parseEnv(readFileSync(join(ROOT, ".env"), "utf8"));
  } catch {
    return {};
  }
}
