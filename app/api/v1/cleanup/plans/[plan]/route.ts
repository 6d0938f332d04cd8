import { PlanParams } from "@/lib/contracts/cleanup";
import { ok } from "@/lib/http/answers";
import { toPlanView } from "@/lib/http/plan-views";
import { route, routes } from "@/lib/http/route";
import { getPlan } from "@/lib/services/cleanup/get-plan";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: PlanParams }, async ({ ctx, params }) =>
    ok(toPlanView(await getPlan(ctx, params.plan))),
  ),
});
