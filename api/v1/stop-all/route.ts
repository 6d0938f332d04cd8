import { StopAllBody } from "@/lib/contracts/actions";
import { accepted } from "@/lib/http/answers";
import { byForce } from "@/lib/http/demands";
import { route, routes } from "@/lib/http/route";
import { runAnswer } from "@/lib/http/views";
import { stopAll } from "@/lib/services/jobs/stop-all";

export const answer = routes({
  POST: route({ body: StopAllBody, demands: byForce }, async ({ ctx, body }) => {
    const { stopping, refused } = await stopAll(ctx, body);
    return accepted({ stopping: stopping.map((run) => runAnswer(ctx, run).run), refused });
  }),
});
