import { JobParams, PatchJobBody } from "@/lib/contracts/job";
import { FULL_ACCESS } from "@/lib/domain/access";
import { noContent, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toJobView } from "@/lib/http/views";
import { readJob } from "@/lib/reads/jobs";
import { deleteJob } from "@/lib/services/jobs/delete-job";
import { updateJob } from "@/lib/services/jobs/update-job";

export const answer = routes({
  GET: route({ params: JobParams }, async ({ ctx, params }) => ok(await readJob(params.job, ctx))),
  PATCH: route({ params: JobParams, body: PatchJobBody }, async ({ ctx, params, body }) =>
    ok(toJobView(await updateJob(ctx, params.job, body), FULL_ACCESS)),
  ),
  DELETE: route({ params: JobParams }, async ({ ctx, params }) => {
    await deleteJob(ctx, params.job);
    return noContent();
  }),
});
