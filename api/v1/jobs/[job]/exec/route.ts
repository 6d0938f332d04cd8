import { ExecBody } from "@/lib/contracts/exec";
import { JobParams } from "@/lib/contracts/job";
import { accepted } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { runAnswer } from "@/lib/http/views";
import { execJob } from "@/lib/services/jobs/exec-job";

export const answer = routes({
  POST: route({ params: JobParams, body: ExecBody }, async ({ ctx, params, body }) => {
    const run = await execJob(ctx, params.job, body);
    return accepted({ ...runAnswer(ctx, run), token: run.token });
  }),
});
