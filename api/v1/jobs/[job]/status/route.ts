import { JobParams } from "@/lib/contracts/job";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readJobStatus } from "@/lib/reads/jobs";

export const answer = routes({
  GET: route({ params: JobParams }, async ({ ctx, params }) => ok(await readJobStatus(params.job, ctx))),
});
