import { ListPlanItemsQuery, PlanParams } from "@/lib/contracts/cleanup";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readPlanItems } from "@/lib/reads/plans";

export const answer = routes({
  GET: route({ params: PlanParams, query: ListPlanItemsQuery }, async ({ ctx, params, query }) =>
    ok(await readPlanItems(params.plan, query, ctx)),
  ),
});
