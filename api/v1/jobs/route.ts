import { CreateJobBody } from "@/lib/contracts/job";
import { PageQuery } from "@/lib/contracts/page";
import { FULL_ACCESS } from "@/lib/domain/access";
import { created, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toJobView } from "@/lib/http/views";
import { readJobs } from "@/lib/reads/jobs";
import { createJob } from "@/lib/services/jobs/create-job";

export const answer = routes({
  GET: route({ query: PageQuery }, async ({ ctx, query }) => ok(await readJobs(query, ctx))),
  POST: route({ body: CreateJobBody }, async ({ ctx, body }) =>
    created(toJobView(await createJob(ctx, body), FULL_ACCESS)),
  ),
});
