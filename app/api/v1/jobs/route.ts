import { CreateJobBody } from "@/lib/contracts/job";
import { PageQuery } from "@/lib/contracts/page";
import { created, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toJobView } from "@/lib/http/views";
import { createJob } from "@/lib/services/jobs/create-job";
import { listJobs } from "@/lib/services/jobs/list-jobs";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ query: PageQuery }, async ({ ctx, query }) => {
    const page = await listJobs(ctx, query);
    return ok({ ...page, items: page.items.map(toJobView) });
  }),
  POST: route({ body: CreateJobBody }, async ({ ctx, body }) =>
    created(toJobView(await createJob(ctx, body))),
  ),
});
