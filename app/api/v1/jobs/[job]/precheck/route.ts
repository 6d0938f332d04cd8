import { JobParams } from "@/lib/contracts/job";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toRunView } from "@/lib/http/views";
import { precheckJob } from "@/lib/services/jobs/precheck-job";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: JobParams }, async ({ ctx, params }) => {
    const { run, ...answer } = await precheckJob(ctx, params.job);
    return ok({ ...answer, run: run === null ? null : toRunView(run, ctx.now()) });
  }),
});
