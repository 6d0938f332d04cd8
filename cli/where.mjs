import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { EXIT, Refusal } from "./exit-codes.mjs";
import { keptToken } from "./token-store.mjs";

/**
 * Where the dashboard is. On its own machine by its socket, which needs no password; from elsewhere by its URL.
 *
 * @typedef {{ socket: string, ifAllowed?: true } | { url: string }} Door `ifAllowed`: another user goes on to the next door
 * @typedef {{ doors: Door[], dataDir: string | null, named: string }} Place `dataDir` null: it may be on another machine
 */

/** The checkout this file belongs to, also when it is called by a link to it. */
export const ROOT = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const USUAL_URL = "http://127.0.0.1:3000";

/**
 * What was said on the command line wins over the environment; of that, what a run was handed by its own dashboard comes first: the socket to
 * runs of before there were accounts, the URL to all.
 * @param {{ url?: string | undefined, data?: string | undefined }} said
 * @param {NodeJS.ProcessEnv} env
 * @returns {Place}
 */
export function placeOf(said, env) {
  if (said.url !== undefined && said.data !== undefined)
    throw new Refusal(EXIT.usage, "Expected --url or --data, found both. Leave one of them out.");
  if (said.url !== undefined) return byUrl(said.url, env);
  if (said.data !== undefined) return byFolder(resolve(said.data));
  if (env.UNSTUCK_SOCKET)
    return { doors: [{ socket: env.UNSTUCK_SOCKET }], dataDir: null, named: env.UNSTUCK_SOCKET };
  if (env.UNSTUCK_URL) return byUrl(env.UNSTUCK_URL, env);
  const { folder, isSet } = usualFolder(env);
  return isSet || existsSync(folder) ? byFolder(folder) : byUrl(USUAL_URL, env);
}

/**
 * A dashboard of this checkout on this host is asked by its socket all the same, which needs no token. With a token for the URL, the token
 * decides what is allowed.
 * @param {string} text
 * @param {NodeJS.ProcessEnv} env
 * @returns {Place}
 */
function byUrl(text, env) {
  const { url, origin } = addressOf(text);
  const folder = isLoopback(url) ? heldFor(origin, env) : null;
  if (folder === null || env.UNSTUCK_TOKEN || keptToken(origin, env) !== undefined)
    return { doors: [{ url }], dataDir: null, named: origin };
  return { doors: [{ socket: socketIn(folder), ifAllowed: true }, { url }], dataDir: folder, named: origin };
}

/**
 * The data folder of this checkout, when it is in use by the dashboard at that address.
 * @param {string} origin of this host
 * @param {NodeJS.ProcessEnv} env
 */
function heldFor(origin, env) {
  const { folder } = usualFolder(env);
  const held = holderOf(folder)?.origin;
  return held !== undefined && isSame(held, origin) ? folder : null;
}

/** @param {string} text */
export function addressOf(text) {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new Refusal(EXIT.usage, `Expected the dashboard's URL, found "${text}". Example: ${USUAL_URL}`);
  const url = text.replace(/\/+$/, "");
  return { url, origin: new URL(url).origin };
}

/** Whether what is sent there can be read on the way. @param {string} url */
export function isPlain(url) {
  return new URL(url).protocol === "http:" && !isLoopback(url);
}

/** @param {string} url */
function isLoopback(url) {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

/**
 * localhost is 127.0.0.1 or ::1, whichever the dashboard listens on.
 * @param {string} held
 * @param {string} asked of this host
 */
function isSame(held, asked) {
  const [one, other] = [new URL(held), new URL(asked)];
  if (one.origin === other.origin) return true;
  const hasLocalhost = one.hostname === "localhost" || other.hostname === "localhost";
  return hasLocalhost && isLoopback(held) && one.protocol === other.protocol && one.port === other.port;
}

/**
 * @param {string} dataDir
 * @returns {Place}
 */
function byFolder(dataDir) {
  const url = holderOf(dataDir)?.origin;
  const doors = [{ socket: socketIn(dataDir) }, ...(url === undefined ? [] : [{ url }])];
  return { doors, dataDir, named: dataDir };
}

/** @param {string} dataDir */
function socketIn(dataDir) {
  return join(dataDir, "unstuck.sock");
}

/**
 * Of this checkout.
 * @param {NodeJS.ProcessEnv} env
 */
function usualFolder(env) {
  const set = env.UNSTUCK_DATA_DIR || settings().UNSTUCK_DATA_DIR;
  // As the dashboard itself reads it: relative to the checkout.
  return { folder: resolve(ROOT, set || "data"), isSet: Boolean(set) };
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
