import { JobParams } from "@/lib/contracts/job";
import { PageQuery } from "@/lib/contracts/page";
import { ok } from "@/lib/http/answers";
import { toJobCleanupsView } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { jobCleanups } from "@/lib/services/cleanup/job-cleanups";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: JobParams, query: PageQuery }, async ({ ctx, params, query }) =>
    ok(toJobCleanupsView(await jobCleanups(ctx, params.job, query))),
  ),
});
