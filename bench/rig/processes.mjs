import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What Linux tells about processes. Read here once more, not with the product's own reader. */

export const TICKS_PER_SECOND = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/**
 * Its share of memory in KiB: pages of its own, and of shared pages the part that falls to it.
 * @param {number} pid
 */
export function pssKib(pid) {
  return kib(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"), "Pss");
}

/** @param {number} pid */
export function rssKib(pid) {
  return kib(readFileSync(`/proc/${pid}/status`, "latin1"), "VmRSS");
}

/**
 * Seconds of CPU it has used, in user and kernel.
 * @param {number} pid
 */
export function cpuSeconds(pid) {
  const fields = statFields(pid);
  return (Number(fields?.[11]) + Number(fields?.[12])) / TICKS_PER_SECOND;
}

/** @param {number} pid */
export function parentOf(pid) {
  return Number(statFields(pid)?.[1] ?? 0);
}

/** @param {number} pid */
export function isRunning(pid) {
  const state = statFields(pid)?.[0];
  return state !== undefined && state !== "Z" && state !== "X";
}

/** @param {import("node:child_process").ChildProcess} child */
export function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * Everything alive that was started out of a data folder: its environment names it, or it works there.
 * @param {string} folder
 */
export function processesOfFolder(folder) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && isRunning(Number(name)))
    .map((name) => ({ pid: Number(name), command: commandOf(name) }))
    .filter(({ pid }) => belongsTo(pid, folder));
}

/**
 * @param {number} pid
 * @param {string} folder
 */
function belongsTo(pid, folder) {
  return (readOrNull(`/proc/${pid}/environ`) ?? "").includes(folder) || workingFolder(pid).startsWith(folder);
}

/** @param {string} pid */
function commandOf(pid) {
  return (readOrNull(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ").trim();
}

/** @param {number} pid */
function workingFolder(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

/**
 * Fields of /proc/<pid>/stat from the third (the state) on; the name before it may hold anything.
 * @param {number} pid
 */
export function statFields(pid) {
  const text = readOrNull(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ") ?? null;
}

/**
 * @param {string} text
 * @param {string} name
 */
function kib(text, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]);
}

/** @param {string} path */
function readOrNull(path) {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}
