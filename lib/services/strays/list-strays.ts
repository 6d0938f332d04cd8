import type { JobId, RunId } from "@/lib/domain/ids";
import { pidFileOf } from "@/lib/domain/pid-file";
import type { Machine } from "@/lib/domain/ports/host";
import type { Jobs } from "@/lib/domain/ports/jobs";
import type { StrayWatch } from "@/lib/domain/ports/outside";
import { isActive } from "@/lib/domain/run";
import { type AdoptionObstacle, judgeStray, type Stray, type StrayVerdict } from "@/lib/domain/stray";
import type { FindJob } from "@/lib/services/commands/get-job";
import { inSlices } from "@/lib/turns";

type Needs = FindJob &
  Pick<StrayWatch, "findStrays"> &
  Pick<Jobs, "listJobsWithPidFile"> &
  Pick<Machine, "seePidFile">;

export type SeenStray = { readonly stray: Stray; readonly verdict: StrayVerdict };
export type StalePidFile = {
  readonly job: JobId;
  readonly path: string;
  readonly pid: number | null;
  readonly why: string;
};
export type Strays = { readonly strays: readonly SeenStray[]; readonly pidFiles: readonly StalePidFile[] };

/**
 * What lives on this host under a marker of this data folder without a run that owns it, and stale pid files.
 */
export async function listStrays(ctx: Needs): Promise<Strays> {
  const strays: SeenStray[] = [];
  for (const stray of await ctx.findStrays()) strays.push(await seeStray(ctx, stray));
  return { strays, pidFiles: await stalePidFiles(ctx) };
}

export async function seeStray(ctx: FindJob, stray: Stray): Promise<SeenStray> {
  return { stray, verdict: judgeStray(stray, await adoptionObstacle(ctx, stray)) };
}

async function adoptionObstacle(ctx: FindJob, { jobId }: Stray): Promise<AdoptionObstacle> {
  const found = jobId === null ? null : await ctx.findJob(jobId);
  if (found === null) return "no_job";
  const active: RunId | null = found.newest !== null && isActive(found.newest.state) ? found.newest.id : null;
  return active === null ? null : { active };
}

/** Jobs may share one; the first of them names it. */
async function stalePidFiles(ctx: Needs): Promise<StalePidFile[]> {
  const stale = new Map<string, StalePidFile>();
  const jobs = (await ctx.listJobsWithPidFile()).flatMap((job) => {
    const file = pidFileOf(job);
    return file === null ? [] : [{ id: job.id, file }];
  });
  const sights = await inSlices(jobs, ({ file }) => ctx.seePidFile(file));
  for (const [at, { id, file }] of jobs.entries()) {
    const { path } = file;
    const sight = sights[at];
    if (sight?.found === "stale" && !stale.has(path))
      stale.set(path, { job: id, path, pid: sight.pid, why: sight.why });
  }
  return [...stale.values()];
}
