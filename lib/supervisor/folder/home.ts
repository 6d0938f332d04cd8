import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { RunId } from "@/lib/domain/ids";
import type { Processes } from "../processes/processes";

/** Out of which data folder a process was started. `unknown`: it does not say, or that folder is not there any more. */
export type Home = "here" | "elsewhere" | "unknown";

/**
 * By the folders and files themselves and not by their names: in a container the same name is another folder, and a folder that
 * was moved has another name.
 * @param log the log of the run as this folder has it; null where that is not known
 */
export function homeOf(
  {
    processes,
    paths,
  }: {
    readonly processes: Pick<Processes, "variable">;
    readonly paths: { readonly runs: string };
  },
  pid: number,
  runId: RunId,
  log: string | null,
): Home {
  // A launcher keeps its log open, wherever the folder has been moved to since.
  if (log !== null && compare(`/proc/${pid}/fd/1`, log) === "same") return "here";
  const runs = runsFolderOf(processes.variable(pid, "UNSTUCK_PROGRESS_FILE"), runId);
  if (runs === null) return "unknown";
  const found = compare(`/proc/${pid}/root${runs}`, paths.runs);
  return found === null ? "unknown" : found === "same" ? "here" : "elsewhere";
}

/** What a process says of its run's folder, from its environment. @returns null when it says nothing we could have told it */
export function runsFolderOf(progressFile: string | null, runId: RunId): string | null {
  if (progressFile === null || !progressFile.startsWith("/")) return null;
  return progressFile.endsWith(`/${runId}/progress.json`) ? dirname(dirname(progressFile)) : null;
}

/** @returns null when one of the two is gone, or not ours to look at */
function compare(one: string, other: string): "same" | "different" | null {
  try {
    const [a, b] = [statSync(one), statSync(other)];
    return a.dev === b.dev && a.ino === b.ino ? "same" : "different";
  } catch {
    return null;
  }
}
