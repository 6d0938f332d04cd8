import { isIP } from "node:net";
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
 * @property {boolean} open accounts are switched off
 * @property {readonly string[]} trustedProxies addresses and networks whose forwarding headers are believed
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
  if (!/^[0-9a-z.:_-]+$/.test(host))
    problems.push(`HOST: expected an address or a host name, found "${env.HOST}". Example: HOST=127.0.0.1`);
  const trustedProxies = listed(env.UNSTUCK_TRUSTED_PROXIES);
  const wrong = trustedProxies.filter((entry) => !isNetwork(entry));
  if (wrong.length > 0)
    problems.push(
      `UNSTUCK_TRUSTED_PROXIES: expected addresses or networks separated by commas, found "${wrong.join(", ")}". Example: UNSTUCK_TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8`,
    );
  const open = env.UNSTUCK_AUTH === "off";
  if (!open && (env.UNSTUCK_AUTH ?? "") !== "")
    problems.push(
      `UNSTUCK_AUTH: expected off or nothing, found "${env.UNSTUCK_AUTH}". Example: UNSTUCK_AUTH=off`,
    );
  if (open) problems.push(...notForItself(env, { beyondLoopback, host, trustedProxies }));
  if (port === null || problems.length > 0) return { ok: false, problems };
  const dataDir = resolve(root, env.UNSTUCK_DATA_DIR || "data");
  const more = { open, trustedProxies, allowedHosts: allowedHosts(env, host) };
  return { ok: true, config: { host, port, dataDir, beyondLoopback, ...more } };
}

/**
 * Without accounts everyone who reaches the dashboard can run any command as its user: that is for one person on one machine.
 * @param {NodeJS.ProcessEnv} env
 * @param {{ beyondLoopback: boolean, host: string, trustedProxies: readonly string[] }} listen
 */
function notForItself(env, { beyondLoopback, host, trustedProxies }) {
  const found = [
    ...(beyondLoopback ? [`HOST=${host}`] : []),
    ...(listed(env.UNSTUCK_HOSTS).length > 0 ? ["UNSTUCK_HOSTS"] : []),
    ...(trustedProxies.length > 0 ? ["UNSTUCK_TRUSTED_PROXIES"] : []),
  ];
  return found.map(
    (name) =>
      `UNSTUCK_AUTH: off is for this machine alone, and ${name} opens the dashboard to others: anyone who can reach it could run any command as this user. Leave UNSTUCK_AUTH out, or ${name}`,
  );
}

/** @param {string | undefined} text */
function listed(text) {
  return (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** @param {string} entry */
function isNetwork(entry) {
  const [address = "", prefix] = entry.split("/");
  const family = isIP(address);
  if (family === 0 || entry.split("/").length > 2) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32));
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
  const named = listed(env.UNSTUCK_HOSTS).map((name) => name.toLowerCase());
  const own = LOOPBACK.includes(host) ? [] : [host, hostname().toLowerCase()];
  return [...new Set([...LOOPBACK, ...own, ...named])];
}
