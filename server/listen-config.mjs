import { hostname } from "node:os";
import { resolve } from "node:path";

/**
 * Where the dashboard listens and keeps its data. Plain JavaScript: it is read before anything is installed or built.
 *
 * @typedef {object} ListenConfig
 * @property {string} host
 * @property {number} port 0: any free one
 * @property {string} dataDir absolute
 * @property {boolean} beyondLoopback
 * @property {readonly string[]} allowedHosts names a Host header may carry, lower case, without port
 */

const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root the project's folder
 * @returns {{ ok: true, config: ListenConfig } | { ok: false, problems: string[] }}
 */
export function readListenConfig(env, root) {
  const problems = [];
  const host = (env.HOST || "127.0.0.1").toLowerCase();
  const port = parsePort(env.PORT || "3000");
  const beyondLoopback = !LOOPBACK.includes(host);
  if (port === null)
    problems.push(`PORT: expected a number from 0 to 65535, found "${env.PORT}". Example: PORT=3000`);
  if (!/^[0-9a-z.:_-]+$/.test(host)) {
    problems.push(`HOST: expected an address or a host name, found "${env.HOST}". Example: HOST=127.0.0.1`);
  } else if (beyondLoopback && env.UNSTUCK_INSECURE !== "1") {
    problems.push(
      `HOST: ${host} can be reached from other machines, and there are no accounts yet: anyone who can reach the dashboard can ` +
        "run any command as this user. Use HOST=127.0.0.1 (an SSH tunnel works well), or set UNSTUCK_INSECURE=1 if you accept that",
    );
  }
  if (port === null || problems.length > 0) return { ok: false, problems };
  const dataDir = resolve(root, env.UNSTUCK_DATA_DIR || "data");
  return { ok: true, config: { host, port, dataDir, beyondLoopback, allowedHosts: allowedHosts(env, host) } };
}

/** @param {string} text */
function parsePort(text) {
  if (!/^\d{1,5}$/.test(text)) return null;
  const port = Number(text);
  return port <= 65_535 ? port : null;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} host
 */
function allowedHosts(env, host) {
  const named = (env.UNSTUCK_HOSTS ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const own = LOOPBACK.includes(host) ? [] : [host, hostname().toLowerCase()];
  return [...new Set([...LOOPBACK, ...own, ...named])];
}
