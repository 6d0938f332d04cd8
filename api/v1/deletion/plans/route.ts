import { DeletionPlanBody } from "@/lib/contracts/cleanup";
import { planAnswer } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { makeDeletionPlan } from "@/lib/services/cleanup/make-deletion-plan";

export const answer = routes({
  POST: route({ body: DeletionPlanBody }, async ({ ctx, body }) => {
    const made = await makeDeletionPlan(ctx, body);
    return planAnswer(made, body.dryRun);
  }),
});
