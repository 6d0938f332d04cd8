import { TokenParams } from "@/lib/contracts/api-token";
import { toTokenView } from "@/lib/http/account-views";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { revokeToken } from "@/lib/services/tokens/revoke-token";

export const answer = routes({
  DELETE: route({ params: TokenParams, whileUnconfirmed: true }, async ({ ctx, params }) =>
    ok({ token: toTokenView(await revokeToken(ctx, params.token), ctx.now()) }),
  ),
});
