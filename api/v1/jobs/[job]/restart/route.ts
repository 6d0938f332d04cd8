import { RestartBody } from "@/lib/contracts/actions";
import { JobParams } from "@/lib/contracts/job";
import { accepted } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { runAnswer } from "@/lib/http/views";
import { restartJob } from "@/lib/services/jobs/restart-job";

export const answer = routes({
  POST: route({ params: JobParams, body: RestartBody }, async ({ ctx, params, body }) =>
    accepted(runAnswer(ctx, await restartJob(ctx, params.job, body))),
  ),
});
