import { StartBody } from "@/lib/contracts/actions";
import { JobParams } from "@/lib/contracts/job";
import { accepted } from "@/lib/http/answers";
import { freeArguments } from "@/lib/http/demands";
import { route, routes } from "@/lib/http/route";
import { triggerOf } from "@/lib/http/trigger";
import { runAnswer } from "@/lib/http/views";
import { startJob } from "@/lib/services/commands/start-job";

export const answer = routes({
  POST: route(
    { params: JobParams, body: StartBody, demands: freeArguments },
    async ({ ctx, request, params, body }) =>
      accepted(runAnswer(ctx, await startJob(ctx, params.job, { ...body, trigger: triggerOf(request) }))),
  ),
});
