import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { CannotTell } from "./cannot-tell.mjs";

/**
 * npm's own way of comparing versions, which is there wherever npm is, before anything is installed.
 * @returns {{ satisfies(version: string, range: string, options: object): boolean, validRange(range: string, options: object): string | null, valid(version: string): string | null }}
 */
export function npmSemver() {
  const program = (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "npm"))
    .find((path) => existsSync(path));
  if (program === undefined) throw new CannotTell("expected npm on the PATH, found none.");
  try {
    return createRequire(realpathSync(program))("semver");
  } catch (error) {
    throw new CannotTell(`${program} has no semver with it: ${String(error)}`);
  }
}

/**
 * The registry that npm uses here.
 * @param {string} root
 */
export async function registryOf(root) {
  const { out, code } = await npm(["config", "get", "registry"], { root, timeoutMs: 30_000 });
  const url = URL.parse(out.trim());
  if (code !== 0 || url === null) throw new CannotTell(`npm names no registry: ${out.trim() || "nothing"}.`);
  return url.href.replace(/\/?$/, "/");
}

/**
 * @typedef {object} Audited what `npm audit` says: `advisory` as in the registry's answer
 * @property {string} name
 * @property {string} advisory
 */

/**
 * `npm audit` of the same tree.
 * @param {string} root
 * @param {number} timeoutMs
 * @returns {Promise<readonly Audited[]>}
 */
export async function npmAudit(root, timeoutMs) {
  const { out, err } = await npm(["audit", "--omit=dev", "--json"], { root, timeoutMs });
  const report = parsed(out);
  const found = report?.vulnerabilities;
  // Its exit code is 1 for what it has found, too.
  if (typeof found !== "object" || found === null)
    throw new CannotTell(`npm audit failed: ${report?.message ?? (err.trim() || "it said nothing")}.`);
  return Object.values(found).flatMap(({ via }) =>
    via
      // Names are of packages that only depend on one of the others.
      .filter((/** @type {unknown} */ one) => typeof one === "object")
      .map((/** @type {{ name: string, source: unknown }} */ one) => ({
        name: one.name,
        advisory: String(one.source),
      })),
  );
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param {readonly string[]} args
 * @param {{ root: string, timeoutMs: number }} options
 * @returns {Promise<{ out: string, err: string, code: number }>}
 */
function npm(args, { root, timeoutMs }) {
  return new Promise((resolve, reject) => {
    const options = { cwd: root, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
    execFile("npm", args, options, (error, out, err) => {
      if (error?.killed)
        return reject(new CannotTell(`npm ${args[0]} was not done within ${timeoutMs / 1_000} s.`));
      if (error !== null && typeof error.code !== "number")
        return reject(new CannotTell(`npm ${args[0]} could not be run: ${error.message}`));
      resolve({ out, err, code: Number(error?.code ?? 0) });
    });
  });
}
