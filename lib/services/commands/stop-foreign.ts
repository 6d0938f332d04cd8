import type { Job } from "@/lib/domain/job";
import { resolvePath } from "@/lib/domain/paths";
import { type ForeignProcess, pidFileObstacle, pidFileOf } from "@/lib/domain/pid-file";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Machine } from "@/lib/domain/ports/host";
import type { OutsideStops } from "@/lib/domain/ports/outside";
import { isAskedOnce } from "@/lib/domain/signals";

export type ForeignNeeds = Pick<Machine, "seePidFile" | "endForeign"> &
  Pick<OutsideStops, "openStop"> &
  Actor;

export type StopForeign = {
  readonly force?: boolean | undefined;
  readonly graceMs?: number | undefined;
  readonly reason?: string | undefined;
};

/** The process behind the job's pid file that no run here has started; null when there is none. */
export async function findForeign(
  ctx: Pick<ForeignNeeds, "seePidFile">,
  job: Job,
): Promise<ForeignProcess | null> {
  const file = pidFileOf(job);
  if (file === null) return null;
  const sight = await ctx.seePidFile(file, true);
  return sight.found === "foreign" ? sight.process : null;
}

/**
 * Ends a process outside Unstuck with everything that descends from it. No run exists for it, so its stop and the audit rows are its
 * record.
 * @throws AppError FOREIGN_PROCESS when it is not certain that this process wrote the pid file: nothing is
 * signalled then
 */
export async function stopForeign(
  ctx: ForeignNeeds,
  job: Job,
  foreign: ForeignProcess,
  input: StopForeign,
): Promise<ForeignProcess> {
  const { runAs } = job;
  const pidFile = resolvePath(job.cwd, job.pidFile ?? "");
  const doubt = foreign.certain ? null : pidFileObstacle(pidFile, { found: "foreign", process: foreign });
  if (doubt !== null) throw doubt;
  const { identity, command } = foreign;
  const asked = { profile: job.signals, once: isAskedOnce(job.kind) };
  const graceMs = input.force ? 0 : (input.graceMs ?? job.timeouts.stopGraceMs);
  const target = { kind: "foreign", pidFile, runAs } as const;
  const { actor } = ctx;
  const stop = await ctx.openStop(
    { target, identity, ...asked, graceMs, actor, jobId: job.id, runId: null },
    {
      actor,
      action: "foreign.stop_requested",
      jobId: job.id,
      reason: input.reason ?? null,
      details: { pid: identity.pid, command, pidFile, graceMs },
    },
  );
  ctx.endForeign(stop, { path: pidFile, runAs });
  return foreign;
}
