import { backTo, keptByBrowser, seeOther, withKept } from "@/lib/http/at-provider";
import { route, routes } from "@/lib/http/route";
import { agentOf, withSession } from "@/lib/http/sessions";
import { returnFromProvider } from "@/lib/services/accounts/return-from-provider";

export const answer = routes({
  GET: route({ isPublic: true }, async ({ ctx, request }) => {
    try {
      const query = new URL(request.url).search.slice(1);
      const { startedOn, next, keep, finish } = returnFromProvider(ctx, query, keptByBrowser(request));
      try {
        const { goTo, secret } = await finish(agentOf(request));
        const gone = withKept(seeOther(goTo), keep);
        return secret === null ? gone : withSession(gone, secret);
      } catch (error) {
        return withKept(backTo(startedOn, error, next), keep);
      }
    } catch (error) {
      return backTo("/sign-in", error);
    }
  }),
});
