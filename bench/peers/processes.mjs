import { readdirSync, readFileSync } from "node:fs";
import {
  cpuSeconds,
  isRunning,
  processesOfFolder,
  pssKib,
  statFields,
  TICKS_PER_SECOND,
} from "../rig/processes.mjs";

/** @typedef {{ pid: number, parent: number, mode: string, name: string }} LiveProbe */

const PARENT = 1;
const CHILDREN_USER = 13;
const CHILDREN_SYSTEM = 14;
const MS_PER_TICK = 1_000 / TICKS_PER_SECOND;

function allPids() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** @returns {Map<number, number>} of every process its parent */
export function parents() {
  return new Map(allPids().map((pid) => [pid, Number(statFields(pid)?.[PARENT] ?? 0)]));
}

/**
 * The live probes below a folder: their command line is `probe MODE FOLDER NAME N`.
 * @param {string} folder
 * @returns {LiveProbe[]}
 */
export function liveProbes(folder) {
  return allPids().flatMap((pid) => {
    const [program = "", mode = "", place = "", name = ""] = commandLine(pid);
    if (!program.endsWith("/probe") || !place.startsWith(folder) || !isRunning(pid)) return [];
    return [{ pid, parent: Number(statFields(pid)?.[PARENT] ?? 0), mode, name }];
  });
}

/** @param {number} pid */
function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}

/**
 * What a supervisor consists of: its daemons and all below them, less the probes and what they started.
 * @param {readonly number[]} daemons
 * @param {string} folder
 * @returns {number[]}
 */
export function supervisorPids(daemons, folder) {
  const parentOf = parents();
  const probes = new Set(liveProbes(folder).map(({ pid }) => pid));
  const roots = new Set(daemons);
  return [...parentOf.keys()].filter((pid) => belongs(pid, roots, probes, parentOf));
}

/**
 * The same, and also what carries the folder's mark but is below no daemon any more, as when the helper has ended that started it.
 * @param {readonly number[]} daemons
 * @param {string} folder
 */
export function everyHelper(daemons, folder) {
  const parentOf = parents();
  const probes = new Set(liveProbes(folder).map(({ pid }) => pid));
  const marked = processesOfFolder(folder).map(({ pid }) => pid);
  const strays = marked.filter((pid) => !isUnder(pid, probes, parentOf));
  return [...new Set([...supervisorPids(daemons, folder), ...strays])];
}

/**
 * @param {number} pid
 * @param {ReadonlySet<number>} roots
 * @param {ReadonlySet<number>} probes
 * @param {ReadonlyMap<number, number>} parentOf
 */
function belongs(pid, roots, probes, parentOf) {
  for (let at = pid; at > 1; at = parentOf.get(at) ?? 0) {
    if (probes.has(at)) return false;
    if (roots.has(at)) return true;
  }
  return false;
}

/**
 * Whether a process is one of these or below one.
 * @param {number} pid
 * @param {ReadonlySet<number>} ancestors
 * @param {ReadonlyMap<number, number>} parentOf
 */
export function isUnder(pid, ancestors, parentOf) {
  for (let at = pid; at > 1; at = parentOf.get(at) ?? 0) if (ancestors.has(at)) return true;
  return false;
}

/**
 * Memory of all of them together, in MiB; one that has ended meanwhile has none.
 * @param {readonly number[]} pids
 */
export function pssMib(pids) {
  return pids.reduce((sum, pid) => sum + orZero(() => pssKib(pid)), 0) / 1_024;
}

/** @param {() => number} read */
function orZero(read) {
  try {
    return read() || 0;
  } catch {
    return 0;
  }
}

/**
 * Milliseconds of CPU so far: live threads to the nanosecond, ended ones only in the last resort.
 * @param {number} pid
 */
export function threadsCpuMs(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const used = threads.map((id) => readFileSync(`/proc/${pid}/task/${id}/schedstat`, "latin1"));
    return used.reduce((sum, text) => sum + Number(text.split(" ")[0]) / 1e6, 0);
  } catch {
    return (cpuSeconds(pid) || 0) * 1_000;
  }
}

/**
 * The same with the children that it has waited for, which the kernel counts in ticks.
 * @param {number} pid
 */
export function cpuMs(pid) {
  const fields = statFields(pid);
  const ticks = Number(fields?.[CHILDREN_USER] ?? 0) + Number(fields?.[CHILDREN_SYSTEM] ?? 0);
  return threadsCpuMs(pid) + ticks * MS_PER_TICK;
}

/** @param {readonly number[]} pids */
export function totalCpuMs(pids) {
  return pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
}

/**
 * Starts to count; what ends meanwhile counts through its parent.
 * @param {readonly number[]} pids
 * @returns {() => number} milliseconds of CPU since
 */
export function countCpu(pids) {
  const before = pids.map((pid) => ({ pid, ms: cpuMs(pid) }));
  return () => before.reduce((sum, { pid, ms }) => sum + (isRunning(pid) ? cpuMs(pid) - ms : 0), 0);
}
