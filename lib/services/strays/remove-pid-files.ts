import { resolvePath } from "@/lib/domain/paths";
import type { PidFileSight } from "@/lib/domain/pid-file";
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
  const known = new Set<string>();
  for (const { cwd, pidFile } of await ctx.listJobsWithPidFile())
    if (pidFile !== null) known.add(resolvePath(cwd, pidFile));
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
    const why = known.has(path) ? await remove(ctx, path) : "it is no job's pid file";
    if (why === null) removed.push(path);
    else kept.push({ path, why });
  }
  return { removed, kept };
}

/** @returns why it stays; null when it is gone */
async function remove(ctx: Needs, path: string): Promise<string | null> {
  const sight = await ctx.seePidFile(path, true);
  if (sight.found === "stale" && (await ctx.removeStalePidFile(path, false))) return null;
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
