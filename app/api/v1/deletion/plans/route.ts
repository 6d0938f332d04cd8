import { DeletionPlanBody } from "@/lib/contracts/cleanup";
import { created, ok } from "@/lib/http/answers";
import { planAnswer } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { makeDeletionPlan } from "@/lib/services/cleanup/make-deletion-plan";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  POST: route({ body: DeletionPlanBody }, async ({ ctx, body }) => {
    const made = await makeDeletionPlan(ctx, body);
    return body.dryRun === true ? ok(planAnswer(made, true)) : created(planAnswer(made));
  }),
});
