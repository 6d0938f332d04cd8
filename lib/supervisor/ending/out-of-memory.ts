import type { ExitedEvent } from "@/lib/domain/transition";
import { memoryOf, oomKillsIn } from "../host/group";
import type { Watched } from "../watch/watched";

/**
 * The kernel counts in the run's own cgroup whom it killed there for memory. Without such a group there is no proof: its other
 * kills, for the whole machine, are told nowhere by run.
 */
export function outOfMemory({ run, tree }: Pick<Watched, "run" | "tree">): Pick<ExitedEvent, "outOfMemory"> {
  if (tree.group == null || oomKillsIn(tree.group) === 0) return {};
  const peak = memoryOf(tree.group)?.peak ?? null;
  const limit = run.spec.limits.memoryBytes;
  const used = peak === null ? "" : ` It had used up to ${megabytes(peak)}.`;
  const allowed = limit === null ? "The host ran out of memory" : `The job allows ${megabytes(limit)} in all`;
  return { outOfMemory: `Killed by the kernel for its memory. ${allowed}.${used}` };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000).toLocaleString("en")} MB`;
}
