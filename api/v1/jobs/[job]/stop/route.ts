import { StopBody } from "@/lib/contracts/actions";
import { JobParams } from "@/lib/contracts/job";
import { accepted } from "@/lib/http/answers";
import { byForce } from "@/lib/http/demands";
import { route, routes } from "@/lib/http/route";
import { stopAnswer } from "@/lib/http/views";
import { stopJob } from "@/lib/services/commands/stop-job";

export const answer = routes({
  POST: route({ params: JobParams, body: StopBody, demands: byForce }, async ({ ctx, params, body }) =>
    accepted(stopAnswer(ctx, await stopJob(ctx, params.job, body))),
  ),
});
