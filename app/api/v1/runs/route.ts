import { ListRunsQuery } from "@/lib/contracts/run";
import { okList } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toRunView } from "@/lib/http/views";
import { listRuns } from "@/lib/services/runs/list-runs";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ query: ListRunsQuery }, async ({ ctx, query }) => {
    const now = ctx.now();
    const { items, ...page } = await listRuns(ctx, query);
    return okList(page, items, (seen) => toRunView(seen, now));
  }),
});
