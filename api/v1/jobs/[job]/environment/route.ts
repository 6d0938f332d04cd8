import { JobParams } from "@/lib/contracts/job";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readJobEnvironment } from "@/lib/reads/jobs";

export const answer = routes({
  GET: route({ params: JobParams }, async ({ ctx, params }) => ok(await readJobEnvironment(params.job, ctx))),
});
