import { ResetBody } from "@/lib/contracts/actions";
import { JobParams } from "@/lib/contracts/job";
import { json } from "@/lib/http/answers";
import { byForce } from "@/lib/http/demands";
import { route, routes } from "@/lib/http/route";
import { stopAnswer } from "@/lib/http/views";
import { resetJob } from "@/lib/services/jobs/reset-job";

export const answer = routes({
  POST: route({ params: JobParams, body: ResetBody, demands: byForce }, async ({ ctx, params, body }) => {
    const { run, foreign, ...told } = await resetJob(ctx, params.job, body);
    const status = told.done === "stopping" ? 202 : 200;
    return json(status, { ...stopAnswer(ctx, { run, foreign }), ...told });
  }),
});
