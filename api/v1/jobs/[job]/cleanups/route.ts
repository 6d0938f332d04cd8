import { JobParams } from "@/lib/contracts/job";
import { PageQuery } from "@/lib/contracts/page";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readJobCleanups } from "@/lib/reads/plans";

export const answer = routes({
  GET: route({ params: JobParams, query: PageQuery }, async ({ ctx, params, query }) =>
    ok(await readJobCleanups(params.job, query, ctx)),
  ),
});
