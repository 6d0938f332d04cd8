import { PlanParams, UndoBody } from "@/lib/contracts/cleanup";
import { ok } from "@/lib/http/answers";
import { toPlanView, undoPreviewAnswer } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { previewUndo, undoPlan } from "@/lib/services/cleanup/undo-plan";

export const answer = routes({
  POST: route({ params: PlanParams, body: UndoBody }, async ({ ctx, params: { plan }, body }) =>
    body.dryRun
      ? undoPreviewAnswer(await previewUndo(ctx, plan, body.runs))
      : ok(toPlanView(await undoPlan(ctx, plan, body))),
  ),
});
