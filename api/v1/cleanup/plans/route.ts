import { CleanupPlanBody, ListPlansQuery } from "@/lib/contracts/cleanup";
import { ok } from "@/lib/http/answers";
import { planAnswer } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { readPlans } from "@/lib/reads/plans";
import { makePlan } from "@/lib/services/cleanup/make-plan";

export const answer = routes({
  GET: route({ query: ListPlansQuery }, async ({ ctx, query }) => ok(await readPlans(query, ctx))),
  POST: route({ body: CleanupPlanBody }, async ({ ctx, body }) => {
    const made = await makePlan(ctx, body);
    return planAnswer(made, body.dryRun);
  }),
});
