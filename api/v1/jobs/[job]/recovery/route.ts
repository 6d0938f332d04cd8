import { JobParams } from "@/lib/contracts/job";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readRecovery } from "@/lib/reads/jobs";

export const answer = routes({
  GET: route({ params: JobParams }, async ({ ctx, params }) => ok(await readRecovery(params.job, ctx))),
});
