import { ApplyDeletionBody, PlanParams } from "@/lib/contracts/cleanup";
import { accepted } from "@/lib/http/answers";
import { toPlanView } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { applyDeletion } from "@/lib/services/cleanup/apply-deletion";

export const answer = routes({
  POST: route({ params: PlanParams, body: ApplyDeletionBody }, async ({ ctx, params, body }) =>
    accepted(toPlanView(await applyDeletion(ctx, params.plan, body))),
  ),
});
