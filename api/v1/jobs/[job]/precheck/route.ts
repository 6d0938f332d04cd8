import { JobParams } from "@/lib/contracts/job";
import { PrecheckQuery } from "@/lib/contracts/precheck";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readPrecheck } from "@/lib/reads/jobs";

export const answer = routes({
  GET: route({ params: JobParams, query: PrecheckQuery }, async ({ ctx, params, query }) =>
    ok(await readPrecheck(params.job, query, ctx)),
  ),
});
