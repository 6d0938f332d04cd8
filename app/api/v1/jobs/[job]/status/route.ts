import { JobParams } from "@/lib/contracts/job";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toStatusView } from "@/lib/http/views";
import { jobStatus } from "@/lib/services/jobs/job-status";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: JobParams }, async ({ ctx, params }) =>
    ok(toStatusView(await jobStatus(ctx, params.job), ctx.now())),
  ),
});
