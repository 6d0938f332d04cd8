import { closeSync, constants, openSync, readFileSync, readlinkSync } from "node:fs";
import { basename, dirname } from "node:path";
import { type Files, isNotAnswering } from "@/lib/domain/files";
import type { RunId } from "@/lib/domain/ids";
import type { Processes } from "../processes/processes";

/** Out of which data folder a process was started. `unknown`: it does not say, or that folder is not there any more. */
export type Home = "here" | "elsewhere" | "unknown";

/**
 * By the folders and files themselves and not by their names: in a container the same name is another folder, and a folder that
 * was moved has another name. What a process names may be anywhere, so it is looked at where that may hang.
 * @param log the log of the run as this folder has it; null where that is not known
 * @throws AppError PATH_NOT_ANSWERING
 */
export async function homeOf(
  {
    processes,
    paths,
    files,
  }: {
    readonly processes: Pick<Processes, "variable">;
    readonly paths: { readonly runs: string; readonly runAs: string };
    readonly files: { readonly own: Pick<Files, "behind"> };
  },
  pid: number,
  runId: RunId,
  log: string | null,
): Promise<Home> {
  // A launcher keeps its log open, wherever the folder has been moved to since.
  if (log !== null && (holdsOpen(pid, log) || (await isOurLog(files.own, pid, log)))) return "here";
  const said = runsFolderOf(processes.variable(pid, "UNSTUCK_PROGRESS_FILE"), runId);
  if (said === null) return "unknown";
  // The program of a user of its own: <run-as>/<user>/_runs.
  const [its, ours] = basename(said) === "_runs" ? [dirname(dirname(said)), paths.runAs] : [said, paths.runs];
  const isLocal = isAmongUs(pid);
  if (isLocal && its === ours) return "here";
  const found = await compare(files.own, isLocal ? its : `/proc/${pid}/root${its}`, ours);
  return found === null ? "unknown" : found === "same" ? "here" : "elsewhere";
}

/** For a caller to whom it is enough that what does not answer is not this folder, which does. */
export function elsewhereIfSilent(error: unknown): Home {
  if (isNotAnswering(error)) return "elsewhere";
  throw error;
}

/** What a process says of its run's folder, from its environment. @returns null when it says nothing we could have told it */
export function runsFolderOf(progressFile: string | null, runId: RunId): string | null {
  if (progressFile === null || !progressFile.startsWith("/")) return null;
  return progressFile.endsWith(`/${runId}/progress.json`) ? dirname(dirname(progressFile)) : null;
}

/**
 * Whether its output is that file, by the same name below the same mount: both as the kernel sees them from here, so no disk is asked. By inode
 * it could be another: a btrfs snapshot of a folder has the same mount and the same inodes.
 * @returns false: it is not, or that cannot be told this way
 */
function holdsOpen(pid: number, log: string): boolean {
  try {
    const file = openSync(log, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const ours = openedAt("self", file);
      return ours !== null && ours === openedAt(pid, 1);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** A file that was deleted has a name that tells so. */
function openedAt(pid: number | "self", descriptor: number): string | null {
  const mount = /^mnt_id:\t\d+$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, "latin1"));
  return mount === null ? null : `${mount[0]} ${readlinkSync(`/proc/${pid}/fd/${descriptor}`)}`;
}

/** One that does not answer is not: ours does. */
async function isOurLog(files: Pick<Files, "behind">, pid: number, log: string): Promise<boolean> {
  try {
    return (await compare(files, `/proc/${pid}/fd/1`, log)) === "same";
  } catch (error) {
    if (isNotAnswering(error)) return false;
    throw error;
  }
}

/** Whether paths mean the same to it as to us: then one that hangs is known by its mount, for all processes that name it. */
function isAmongUs(pid: number): boolean {
  try {
    const same = readlinkSync(`/proc/${pid}/ns/mnt`) === readlinkSync("/proc/self/ns/mnt");
    return same && readlinkSync(`/proc/${pid}/root`) === readlinkSync("/proc/self/root");
  } catch {
    return false;
  }
}

/** @returns null when one of the two is gone, or not ours to look at */
async function compare(
  files: Pick<Files, "behind">,
  one: string,
  other: string,
): Promise<"same" | "different" | null> {
  const [a, b] = await files.behind([one, other]);
  if (a === undefined || b === undefined || "failed" in a || "failed" in b) return null;
  return a.device === b.device && a.inode === b.inode ? "same" : "different";
}
