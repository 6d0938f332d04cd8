import { CleanupPlanBody, ListPlansQuery } from "@/lib/contracts/cleanup";
import { ok } from "@/lib/http/answers";
import { planAnswer, toPlanPage } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { listPlans } from "@/lib/services/cleanup/list-plans";
import { makePlan } from "@/lib/services/cleanup/make-plan";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ query: ListPlansQuery }, async ({ ctx, query }) =>
    ok(toPlanPage(await listPlans(ctx, query))),
  ),
  POST: route({ body: CleanupPlanBody }, async ({ ctx, body }) => {
    const made = await makePlan(ctx, body);
    return planAnswer(made, body.dryRun);
  }),
});
