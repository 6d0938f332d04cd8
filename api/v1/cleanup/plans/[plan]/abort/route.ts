import { PlanParams } from "@/lib/contracts/cleanup";
import { accepted } from "@/lib/http/answers";
import { toPlanView } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { abortPlan } from "@/lib/services/cleanup/abort-plan";

export const answer = routes({
  POST: route({ params: PlanParams }, async ({ ctx, params }) =>
    accepted(toPlanView(await abortPlan(ctx, params.plan))),
  ),
});
