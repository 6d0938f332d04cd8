import { type JobPidFile, type PidFileSight, pidFileOf } from "@/lib/domain/pid-file";
import type { Actor, Audits } from "@/lib/domain/ports/audit";
import type { Machine } from "@/lib/domain/ports/host";
import type { Jobs } from "@/lib/domain/ports/jobs";

type Needs = Pick<Jobs, "listJobsWithPidFile"> &
  Pick<Machine, "seePidFile" | "removeStalePidFile"> &
  Audits &
  Actor;

export type RemovePidFiles = { readonly paths: readonly string[]; readonly reason?: string | undefined };
export type RemovedPidFiles = {
  readonly removed: readonly string[];
  readonly kept: readonly { readonly path: string; readonly why: string }[];
};

/**
 * Removes stale pid files of jobs. Any other path, and one that names a live process by now, is kept and
 * listed.
 */
export async function removePidFiles(
  ctx: Needs,
  { paths, reason }: RemovePidFiles,
): Promise<RemovedPidFiles> {
  // Jobs may share one; it is removed as the first of them would.
  const known = new Map<string, JobPidFile>();
  for (const job of await ctx.listJobsWithPidFile()) {
    const file = pidFileOf(job);
    if (file !== null && !known.has(file.path)) known.set(file.path, file);
  }
  const wanted = [...new Set(paths)];
  const ours = wanted.filter((path) => known.has(path));
  if (ours.length > 0)
    await ctx.recordAudit({
      actor: ctx.actor,
      action: "pid_file.remove_requested",
      reason: reason ?? null,
      details: { paths: ours },
    });
  const removed: string[] = [];
  const kept: { path: string; why: string }[] = [];
  for (const path of wanted) {
    const file = known.get(path);
    const why = file === undefined ? "it is no job's pid file" : await remove(ctx, file);
    if (why === null) removed.push(path);
    else kept.push({ path, why });
  }
  return { removed, kept };
}

/** @returns why it stays; null when it is gone */
async function remove(ctx: Needs, file: JobPidFile): Promise<string | null> {
  const sight = await ctx.seePidFile(file, true);
  if (sight.found === "stale" && (await ctx.removeStalePidFile(file, false))) return null;
  return whyKept(sight);
}

function whyKept(sight: PidFileSight): string {
  switch (sight.found) {
    case "nothing":
      return "there is no such file";
    case "refused":
    case "unanswered":
      return sight.why;
    case "ours":
      return `it names process ${sight.pid} of ${sight.runId}`;
    case "foreign":
      return `it names process ${sight.process.identity.pid} (${sight.process.command}), which lives`;
    default:
      return "it was changed meanwhile; look again";
  }
}
