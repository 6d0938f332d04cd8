import { okList } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toStatusView } from "@/lib/http/views";
import { allStatus } from "@/lib/services/jobs/job-status";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({}, async ({ ctx }) => {
    const now = ctx.now();
    const at = new Date(now).toISOString();
    return okList({ at }, await allStatus(ctx), (status) => toStatusView(status, now));
  }),
});
