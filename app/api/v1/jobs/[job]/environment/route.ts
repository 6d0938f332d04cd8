import { JobParams } from "@/lib/contracts/job";
import { ok } from "@/lib/http/answers";
import { toJobEnvironmentView } from "@/lib/http/environment-views";
import { route, routes } from "@/lib/http/route";
import { jobEnvironment } from "@/lib/services/environment/job-environment";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: JobParams }, async ({ ctx, params }) =>
    ok(toJobEnvironmentView(await jobEnvironment(ctx, params.job))),
  ),
});
