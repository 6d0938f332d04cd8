import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { identity, takeLock } from "./download-lock.mjs";
import { machineProblem, thisMachine } from "./machine.mjs";
import { npm } from "./npm.mjs";
import { placeOf } from "./releases.mjs";
import { versionOf } from "./version-of.mjs";

/**
 * A Node of our own, from the npm registry, in a folder of the project that git ignores.
 *
 * @typedef {{ folder: string, say: (text: string) => void, npmrc?: string, machine?: import("./machine.mjs").Machine }} Options
 * `folder`: where Nodes are kept; `npmrc`: the project's, which may name its registry
 */

const MEGABYTES = 60;

/**
 * Each attempt has a folder of its own, and what is moved into place is whole: interrupted at any moment, it is done again.
 * @param {import("./releases.mjs").Release} release
 * @param {Options} options
 * @returns {Promise<string>} the program's path
 * @throws Error with one clause that says why it cannot be had, without a full stop
 */
export async function bringNode(release, { folder, say, npmrc, machine }) {
  const { home, program } = placeOf(folder, release);
  if (existsSync(program)) return program;
  const unfit = machineProblem(machine ?? thisMachine());
  if (unfit !== null) throw new Error(unfit);
  try {
    mkdirSync(folder, { recursive: true });
    const unlock = await takeLock(
      join(folder, "lock"),
      () => existsSync(program),
      () => say("Another start is bringing it; waiting for that …"),
    );
    if (unlock === null) return program;
    try {
      removeLeftovers(folder);
      say(`Bringing Node ${release.version} from the npm registry, about ${MEGABYTES} MB, once …`);
      await download(release, folder, home, npmrc);
    } finally {
      unlock();
    }
  } catch (error) {
    throw "code" in Object(error) ? new Error(fileProblem(error, folder)) : error;
  }
  return program;
}

/**
 * @param {import("./releases.mjs").Release} release
 * @param {string} folder
 * @param {string} home
 * @param {string | undefined} npmrc
 */
async function download({ version, integrity }, folder, home, npmrc) {
  const attempt = join(folder, `new.${(identity(process.pid) ?? String(process.pid)).replace(" ", ".")}`);
  try {
    mkdirSync(attempt);
    if (npmrc !== undefined && existsSync(npmrc)) copyFileSync(npmrc, join(attempt, ".npmrc"));
    const name = `node-linux-${process.arch}`;
    writeManifest(attempt, name, version, integrity[process.arch]);
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    const problem = await npm(["install", "--ignore-scripts", "--global=false", ...quiet], attempt);
    if (problem !== null) throw new Error(problem);
    keepProgram(join(attempt, "node_modules", name), join(attempt, "kept"), version);
    renameSync(join(attempt, "kept"), home);
    syncToDisk(folder);
  } finally {
    rmSync(attempt, { recursive: true, force: true });
  }
}

/**
 * A lock of npm's own kind, so that npm compares what it gets with the hash we know.
 * @param {string} folder
 * @param {string} name
 * @param {string} version
 * @param {string | undefined} integrity
 */
function writeManifest(folder, name, version, integrity) {
  const dependencies = { [name]: version };
  const packages = { "": { dependencies }, [`node_modules/${name}`]: { version, integrity } };
  const lock = { lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
}

/**
 * The program and its licence; headers and manuals would double the size.
 * @param {string} from
 * @param {string} to
 * @param {string} version
 */
function keepProgram(from, to, version) {
  mkdirSync(join(to, "bin"), { recursive: true });
  renameSync(join(from, "bin/node"), join(to, "bin/node"));
  if (existsSync(join(from, "LICENSE"))) renameSync(join(from, "LICENSE"), join(to, "LICENSE"));
  const found = versionOf(join(to, "bin/node"));
  if (found.version !== version)
    throw new Error(`it does not run here (${found.problem ?? `it says it is ${found.version}`})`);
  syncToDisk(join(to, "bin/node"));
}

/**
 * A crash of the host must not leave a name without its content: the next start would believe it.
 * @param {string} path
 */
function syncToDisk(path) {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Of attempts whose process is gone.
 * @param {string} folder
 */
function removeLeftovers(folder) {
  for (const name of readdirSync(folder)) {
    const [, pid, began] = /^new\.(\d+)\.(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && identity(Number(pid)) !== `${pid} ${began}`)
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * @param {unknown} error
 * @param {string} folder
 */
function fileProblem(error, folder) {
  const { code, message } = /** @type {{ code: string, message: string }} */ (error);
  if (code === "ENOSPC" || code === "EDQUOT") return `there is no room for it in ${folder}`;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return `this user may not write to ${folder}`;
  return message;
}
