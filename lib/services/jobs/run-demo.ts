import { isAppError } from "@/lib/domain/errors";
import type { Here } from "@/lib/domain/ports/host";
import type { Run } from "@/lib/domain/run";
import { type StartNeeds, startJob } from "@/lib/services/commands/start-job";
import { type CreateNeeds, createJob } from "./create-job";

type Needs = CreateNeeds & StartNeeds & Pick<Here, "demoJob">;

/** Starts the demo scraper, making its job on the first call. @throws AppError RUN_ALREADY_ACTIVE, COMMAND_NOT_FOUND */
export async function runDemo(ctx: Needs): Promise<Run> {
  const job = ctx.demoJob();
  try {
    await createJob(ctx, job);
  } catch (error) {
    if (!isAppError(error) || error.code !== "JOB_EXISTS") throw error;
  }
  return startJob(ctx, job.id, { trigger: "manual" });
}
