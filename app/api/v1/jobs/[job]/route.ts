import { JobParams, PatchJobBody } from "@/lib/contracts/job";
import { noContent, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toJobView } from "@/lib/http/views";
import { deleteJob } from "@/lib/services/jobs/delete-job";
import { getJob } from "@/lib/services/jobs/get-job";
import { updateJob } from "@/lib/services/jobs/update-job";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: JobParams }, async ({ ctx, params }) => ok(toJobView(await getJob(ctx, params.job)))),
  PATCH: route({ params: JobParams, body: PatchJobBody }, async ({ ctx, params, body }) =>
    ok(toJobView(await updateJob(ctx, params.job, body))),
  ),
  DELETE: route({ params: JobParams }, async ({ ctx, params }) => {
    await deleteJob(ctx, params.job);
    return noContent();
  }),
});
