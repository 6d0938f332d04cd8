import { StopStrayBody, StrayParams } from "@/lib/contracts/stray";
import { accepted } from "@/lib/http/answers";
import { byForce } from "@/lib/http/demands";
import { route, routes } from "@/lib/http/route";
import { toStrayView } from "@/lib/http/stray-views";
import { stopStray } from "@/lib/services/strays/stop-stray";

export const answer = routes({
  POST: route({ params: StrayParams, body: StopStrayBody, demands: byForce }, async ({ ctx, params, body }) =>
    accepted({ stray: toStrayView(await stopStray(ctx, params.stray, body)) }),
  ),
});
