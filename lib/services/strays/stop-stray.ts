import type { Job } from "@/lib/domain/job";
import type { Actor } from "@/lib/domain/ports/audit";
import type { OutsideStops, StrayWatch } from "@/lib/domain/ports/outside";
import type { Runs } from "@/lib/domain/ports/runs";
import { isAskedOnce, usualSignals } from "@/lib/domain/signals";
import type { Stray } from "@/lib/domain/stray";
import type { FindJob } from "@/lib/services/commands/get-job";
import { type FindStray, getStray } from "./find-stray";
import { type SeenStray, seeStray } from "./list-strays";

type Needs = FindStray &
  FindJob &
  Pick<OutsideStops, "openStop" | "closeStop"> &
  Pick<Runs, "noteEvent"> &
  Pick<StrayWatch, "endStray"> &
  Actor;

export type StopStray = { readonly force?: boolean | undefined; readonly reason?: string | undefined };

/** Where neither the run nor its job can be asked. */
const GRACE_MS = 10_000;

/**
 * Ends a stray with everything that hangs on it. Asked again it goes on; with force it is killed at once.
 * @throws AppError STRAY_NOT_FOUND, STRAY_REFUSED
 */
export async function stopStray(ctx: Needs, id: string, input: StopStray): Promise<SeenStray> {
  const stray = await getStray(ctx, id);
  const job = stray.jobId === null ? null : ((await ctx.findJob(stray.jobId))?.job ?? null);
  const { patienceMs, ...asked } = howToStop(stray, job);
  const graceMs = input.force ? 0 : patienceMs;
  const details = { stray: id, startedAs: stray.runId, pids: pidsOf(stray), command: stray.command, graceMs };
  const { identity, marker, runId, jobId } = stray;
  const target = { kind: "stray", marker } as const;
  const stop = await ctx.openStop(
    { target, identity, ...asked, graceMs, actor: ctx.actor, jobId, runId },
    {
      actor: ctx.actor,
      action: "stray.stop_requested",
      ...(jobId === null ? {} : { jobId }),
      runId,
      reason: input.reason ?? null,
      details,
    },
  );
  if (stray.run !== null)
    await ctx.noteEvent(stray.run.id, "stray_stop_requested", {
      pids: pidsOf(stray),
      graceMs,
      firstSignal: asked.profile.sequence[0]?.signal,
    });
  try {
    ctx.endStray(stray, stop);
  } catch (error) {
    await ctx.closeStop(stop, "refused", error instanceof Error ? error.message : String(error));
    throw error;
  }
  return seeStray(ctx, { ...stray, ending: true });
}

/** As the run was to be stopped, else as the job is. */
function howToStop({ run }: Stray, job: Job | null) {
  const settings = run?.spec ?? job;
  return {
    profile: settings?.signals ?? usualSignals("command"),
    once: isAskedOnce(settings?.kind ?? "command"),
    patienceMs: settings?.timeouts.stopGraceMs ?? GRACE_MS,
  };
}

function pidsOf({ members }: Stray): number[] {
  return members.map(({ pid }) => pid);
}
