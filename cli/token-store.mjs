import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { EXIT, Refusal } from "./exit-codes.mjs";

/**
 * The tokens of `unstuck login`: a file that only its owner can read, one token for each origin.
 *
 * @typedef {Map<string, string>} Tokens by origin
 */

/** There is none for us: also where HOME is another user's, as after sudo -u. */
const NONE = ["ENOENT", "ENOTDIR", "EACCES"];

/** @param {NodeJS.ProcessEnv} env */
export function tokenFile(env) {
  const config = env.XDG_CONFIG_HOME ?? "";
  // A relative one is to be ignored, says the XDG Base Directory Specification.
  return join(isAbsolute(config) ? config : join(homeOf(env), ".config"), "unstuck", "tokens.json");
}

/** @param {NodeJS.ProcessEnv} env */
function homeOf({ HOME }) {
  try {
    return HOME || homedir();
  } catch {
    // A user without an entry in /etc/passwd, as in some containers.
    return "/";
  }
}

/**
 * @param {string} origin
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 * @throws {Refusal} when others may read the file
 */
export function keptToken(origin, env) {
  return readTokens(tokenFile(env)).get(origin);
}

/**
 * @param {string} origin
 * @param {string} token
 * @param {NodeJS.ProcessEnv} env
 * @returns {string} the file it is in
 */
export function keepToken(origin, token, env) {
  const file = tokenFile(env);
  writeTokens(file, readTokens(file).set(origin, token));
  return file;
}

/**
 * @param {string} origin
 * @param {NodeJS.ProcessEnv} env
 * @returns {boolean} whether there was one
 */
export function forgetToken(origin, env) {
  const file = tokenFile(env);
  const tokens = readTokens(file);
  if (!tokens.delete(origin)) return false;
  if (tokens.size === 0) rmSync(file);
  else writeTokens(file, tokens);
  return true;
}

/**
 * @param {string} file
 * @returns {Tokens}
 */
function readTokens(file) {
  const descriptor = opened(file);
  if (descriptor === null) return new Map();
  try {
    // Of what is open: the path may name another file a moment later.
    const mode = fstatSync(descriptor).mode & 0o777;
    if ((mode & 0o077) !== 0) throw openToOthers(file, mode);
    return tokensIn(readFileSync(descriptor, "utf8"), file);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * @param {string} file
 * @returns {number | null}
 */
function opened(file) {
  try {
    return openSync(file, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && NONE.includes(String(error.code))) return null;
    throw error;
  }
}

/**
 * @param {string} file
 * @param {number} mode
 */
function openToOthers(file, mode) {
  const found = mode.toString(8).padStart(4, "0");
  return new Refusal(
    EXIT.notAllowed,
    `Expected ${file} to be open to you alone (mode 0600), found ${found}: other users may have read the tokens in it. No token was used. Run chmod 600 ${file}, and replace the tokens if this machine has other users.`,
  );
}

/**
 * @param {string} text
 * @param {string} file
 * @returns {Tokens}
 */
function tokensIn(text, file) {
  try {
    /** @type {[string, unknown][]} */
    const entries = Object.entries(JSON.parse(text));
    return new Map(entries.map(([origin, token]) => [origin, String(token)]));
  } catch {
    throw new Refusal(
      EXIT.refused,
      `Expected ${file} to be a JSON object of tokens by origin, found something else. Remove it, then use unstuck login again.`,
    );
  }
}

/**
 * @param {string} file
 * @param {Tokens} tokens
 */
function writeTokens(file, tokens) {
  try {
    const folder = dirname(file);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    replace(file, `${JSON.stringify(Object.fromEntries(tokens), null, 2)}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(EXIT.refused, `${file} could not be written (${why}). The tokens are as they were.`);
  }
}

/**
 * Whole or not at all: a full disk or a crash must not cost the tokens that are there.
 * @param {string} file
 * @param {string} content
 */
function replace(file, content) {
  const next = `${file}.${crypto.randomUUID()}`;
  try {
    writePrivately(next, content);
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/**
 * @param {string} file
 * @param {string} content
 */
function writePrivately(file, content) {
  const descriptor = openSync(file, "wx", 0o600);
  try {
    writeSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
