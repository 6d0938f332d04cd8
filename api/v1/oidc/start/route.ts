import { StartSignInQuery } from "@/lib/contracts/account";
import { atKnownAddress, backTo, keptByBrowser, seeOther, withKept } from "@/lib/http/at-provider";
import { route, routes } from "@/lib/http/route";
import { startSignIn } from "@/lib/services/accounts/start-at-provider";

export const answer = routes({
  GET: route({ isPublic: true, query: StartSignInQuery }, async ({ ctx, request, query }) => {
    const address = ctx.signInProvider && atKnownAddress(request, ctx.signInProvider.origin);
    if (address !== null) return seeOther(address);
    try {
      const { url, keep } = await startSignIn(ctx, query.next, keptByBrowser(request));
      return withKept(seeOther(url), keep);
    } catch (error) {
      return backTo("/sign-in", error, query.next);
    }
  }),
});
