import { ListPlanItemsQuery, PlanParams } from "@/lib/contracts/cleanup";
import { ok } from "@/lib/http/answers";
import { toPlanItemView } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { listPlanItems } from "@/lib/services/cleanup/list-plan-items";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: PlanParams, query: ListPlanItemsQuery }, async ({ ctx, params, query }) => {
    const page = await listPlanItems(ctx, params.plan, query);
    return ok({ ...page, items: page.items.map(toPlanItemView) });
  }),
});
