import { RunParams } from "@/lib/contracts/run";
import { bearerToken } from "@/lib/domain/token";
import { noContent, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { runAnswer } from "@/lib/http/views";
import { offerLaunch, withdrawLaunch } from "@/lib/services/runs/offer-launch";

/** The run's own token speaks for it here, as with its reports: the terminal has it from the call that asked for the run. */
export const answer = routes({
  GET: route({ params: RunParams, isPublic: true }, async ({ ctx, request, params }) => {
    const { run, launch } = await offerLaunch(ctx, params.run, tokenOf(request));
    return ok({ ...runAnswer(ctx, run), launch });
  }),
  DELETE: route({ params: RunParams, isPublic: true }, async ({ ctx, request, params }) => {
    await withdrawLaunch(ctx, params.run, tokenOf(request));
    return noContent();
  }),
});

/** Of the terminal that asked for the run. */
function tokenOf(request: Request): string | null {
  return bearerToken(request.headers.get("authorization"));
}
