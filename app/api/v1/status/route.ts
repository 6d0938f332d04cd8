import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toStatusView } from "@/lib/http/views";
import { allStatus } from "@/lib/services/jobs/job-status";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({}, async ({ ctx }) => {
    const now = ctx.now();
    const items = (await allStatus(ctx)).map((status) => toStatusView(status, now));
    return ok({ at: new Date(now).toISOString(), items });
  }),
});
