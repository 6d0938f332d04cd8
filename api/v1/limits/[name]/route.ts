import { LimitBody, LimitParams } from "@/lib/contracts/limit";
import { noContent, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { removeLimit } from "@/lib/services/limits/remove-limit";
import { setLimit } from "@/lib/services/limits/set-limit";

export const answer = routes({
  PUT: route({ params: LimitParams, body: LimitBody }, async ({ ctx, params, body }) =>
    ok(await setLimit(ctx, { name: params.name, maxRuns: body.maxRuns })),
  ),
  DELETE: route({ params: LimitParams }, async ({ ctx, params }) => {
    await removeLimit(ctx, params.name);
    return noContent();
  }),
});
