import { SignedOutQuery } from "@/lib/contracts/account";
import { backFromSignOut } from "@/lib/http/at-provider";
import { route, routes } from "@/lib/http/route";

export const answer = routes({
  GET: route({ isPublic: true, query: SignedOutQuery }, async ({ request, query }) =>
    backFromSignOut(request, query.state),
  ),
});
