import { gzipSync } from "node:zlib";
import { CannotTell } from "./cannot-tell.mjs";

/**
 * @typedef {object} Advisory
 * @property {string} id
 * @property {string} name of the package
 * @property {string} severity
 * @property {string} title
 * @property {string} url
 * @property {string} range of versions it is about
 */

const PATH = "-/npm/v1/security/advisories/bulk";

/**
 * What the registry knows of these packages. It is sent the versions, as npm does, and is not believed that its answer is about them.
 * @param {string} registry with a slash at its end
 * @param {readonly import("./production-tree.mjs").Pinned[]} tree
 * @param {number} timeoutMs
 * @returns {Promise<readonly Advisory[]>}
 */
export async function advisoriesFor(registry, tree, timeoutMs) {
  /** @type {Record<string, string[]>} */
  const asked = {};
  for (const { name, version } of tree) {
    asked[name] ??= [];
    if (!asked[name].includes(version)) asked[name].push(version);
  }
  const url = `${registry}${PATH}`;
  const answer = await post(url, asked, timeoutMs);
  if (typeof answer !== "object" || answer === null || Array.isArray(answer))
    throw unusable(url, "no object");
  return Object.entries(answer)
    .filter(([name]) => Object.hasOwn(asked, name))
    .flatMap(([name, list]) => {
      if (!Array.isArray(list)) throw unusable(url, `no list for ${name}`);
      return list.map((one) => toAdvisory(url, name, one));
    });
}

/**
 * @param {string} url
 * @param {unknown} body
 * @param {number} timeoutMs
 * @returns {Promise<unknown>}
 */
async function post(url, body, timeoutMs) {
  const headers = {
    "content-type": "application/json",
    "content-encoding": "gzip",
    accept: "application/json",
  };
  const signal = AbortSignal.timeout(timeoutMs);
  const text = await fetch(url, { method: "POST", headers, body: gzipSync(JSON.stringify(body)), signal })
    .then(async (response) => {
      if (response.ok) return response.text();
      throw new CannotTell(
        `${url} answered ${response.status} ${response.statusText}. ${adviceFor(response.status)}`,
      );
    })
    .catch((error) => {
      if (error instanceof CannotTell) throw error;
      if (signal.aborted) throw new CannotTell(`${url} did not answer within ${timeoutMs / 1_000} s.`);
      throw new CannotTell(`${url} did not answer: ${String(error.cause?.message ?? error.message)}.`);
    });
  try {
    return JSON.parse(text);
  } catch {
    throw unusable(url, "no JSON");
  }
}

/** @param {number} status */
function adviceFor(status) {
  return status === 404 || status === 405
    ? "This registry, or what stands in front of it, offers no advisories. Run it where npm audit works."
    : "Try again later.";
}

/**
 * @param {string} url
 * @param {string} name
 * @param {unknown} one
 * @returns {Advisory}
 */
function toAdvisory(url, name, one) {
  const { id, severity, title, url: about, vulnerable_versions: range } = Object(one);
  if (!["string", "number"].includes(typeof id) || typeof range !== "string")
    throw unusable(url, `an advisory for ${name} without id or vulnerable_versions`);
  return {
    ...{ id: String(id), name, range },
    severity: plain(severity ?? "unknown"),
    title: plain(title ?? "untitled"),
    url: plain(about ?? ""),
  };
}

/**
 * What goes to a terminal must not steer it.
 * @param {unknown} text
 */
function plain(text) {
  return String(text).replaceAll(/\p{C}/gu, "?");
}

/**
 * @param {string} url
 * @param {string} found
 */
function unusable(url, found) {
  return new CannotTell(
    `the answer of ${url} cannot be used: expected an object of lists of advisories, found ${found}.`,
  );
}
