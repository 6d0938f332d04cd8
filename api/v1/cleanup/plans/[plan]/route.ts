import { PlanParams } from "@/lib/contracts/cleanup";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readPlan } from "@/lib/reads/plans";

export const answer = routes({
  GET: route({ params: PlanParams }, async ({ ctx, params }) => ok(await readPlan(params.plan, ctx))),
});
