import { CreateTokenBody } from "@/lib/contracts/api-token";
import { toTokenView } from "@/lib/http/account-views";
import { created, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readTokens } from "@/lib/reads/accounts";
import { createToken } from "@/lib/services/tokens/create-token";

export const answer = routes({
  GET: route({}, async ({ ctx }) => ok(await readTokens(ctx))),
  POST: route({ body: CreateTokenBody, whileUnconfirmed: true }, async ({ ctx, body }) => {
    const { token, secret } = await createToken(ctx, body);
    return created({ token: toTokenView(token, ctx.now()), secret });
  }),
});
