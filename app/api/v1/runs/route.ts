import { ListRunsQuery } from "@/lib/contracts/run";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toRunView } from "@/lib/http/views";
import { listRuns } from "@/lib/services/runs/list-runs";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ query: ListRunsQuery }, async ({ ctx, query }) => {
    const now = ctx.now();
    const page = await listRuns(ctx, query);
    return ok({ ...page, items: page.items.map((seen) => toRunView(seen, now)) });
  }),
});
