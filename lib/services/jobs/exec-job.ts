import type { JobId } from "@/lib/domain/ids";
import type { Machine } from "@/lib/domain/ports/host";
import type { Run } from "@/lib/domain/run";
import { type StartNeeds, startJob } from "@/lib/services/commands/start-job";

type Needs = StartNeeds & Pick<Machine, "identify" | "realFolder">;

export type ExecJob = {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The program that will launch it: when that ends before it has, the run is given up. */
  readonly pid?: number | undefined;
  readonly reason?: string | undefined;
};

/**
 * Queues a run that a terminal launches itself, under the job's locks. Nothing is spawned here.
 * @throws AppError what starting throws
 */
export async function execJob(ctx: Needs, id: JobId, { argv, cwd, pid, reason }: ExecJob): Promise<Run> {
  const caller = pid === undefined ? null : ctx.identify(pid);
  const job = (await ctx.findJob(id))?.job;
  const jobFolder = job === undefined ? null : await ctx.realFolder(job);
  return startJob(ctx, id, { trigger: "exec", reason, byHand: { argv, cwd, caller, jobFolder } });
}
