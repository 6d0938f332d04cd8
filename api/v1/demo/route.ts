import { accepted } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { runAnswer } from "@/lib/http/views";
import { runDemo } from "@/lib/services/jobs/run-demo";

export const answer = routes({
  POST: route({}, async ({ ctx }) => accepted(runAnswer(ctx, await runDemo(ctx)))),
});
