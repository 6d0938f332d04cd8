import { JobParams } from "@/lib/contracts/job";
import { PrecheckQuery } from "@/lib/contracts/precheck";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toPrecheckView } from "@/lib/http/stuck-views";
import { precheckJob } from "@/lib/services/jobs/precheck-job";

const HOUR_MS = 3_600_000;

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: JobParams, query: PrecheckQuery }, async ({ ctx, params, query }) => {
    const ageMs = query.ageHours === undefined ? undefined : query.ageHours * HOUR_MS;
    return ok(toPrecheckView(await precheckJob(ctx, params.job, ageMs), ctx.now()));
  }),
});
