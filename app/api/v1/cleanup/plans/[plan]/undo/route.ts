import { PlanParams, UndoBody } from "@/lib/contracts/cleanup";
import { ok } from "@/lib/http/answers";
import { toPlanView } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { undoPlan } from "@/lib/services/cleanup/undo-plan";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  POST: route({ params: PlanParams, body: UndoBody }, async ({ ctx, params, body }) =>
    ok(toPlanView(await undoPlan(ctx, params.plan, body))),
  ),
});
