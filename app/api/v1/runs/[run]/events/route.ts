import { PageQuery } from "@/lib/contracts/page";
import { RunParams } from "@/lib/contracts/run";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toEventView } from "@/lib/http/views";
import { listRunEvents } from "@/lib/services/runs/list-run-events";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: RunParams, query: PageQuery }, async ({ ctx, params, query }) => {
    const page = await listRunEvents(ctx, params.run, query);
    return ok({ ...page, items: page.items.map(toEventView) });
  }),
});
