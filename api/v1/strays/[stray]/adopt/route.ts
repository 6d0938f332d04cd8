import { AdoptBody, StrayParams } from "@/lib/contracts/stray";
import { accepted } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { runAnswer } from "@/lib/http/views";
import { adoptStray } from "@/lib/services/strays/adopt-stray";

export const answer = routes({
  POST: route({ params: StrayParams, body: AdoptBody }, async ({ ctx, params, body }) =>
    accepted(runAnswer(ctx, await adoptStray(ctx, params.stray, body))),
  ),
});
