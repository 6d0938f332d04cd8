import { ApplyBody, PlanParams } from "@/lib/contracts/cleanup";
import { accepted } from "@/lib/http/answers";
import { toPlanView } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { applyPlan } from "@/lib/services/cleanup/apply-plan";

export const answer = routes({
  POST: route({ params: PlanParams, body: ApplyBody }, async ({ ctx, params, body }) =>
    accepted(toPlanView(await applyPlan(ctx, params.plan, body))),
  ),
});
