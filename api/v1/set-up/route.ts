import { SetUpBody } from "@/lib/contracts/account";
import { toNewMeView } from "@/lib/http/account-views";
import { created } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { agentOf, withSession } from "@/lib/http/sessions";
import { setUp } from "@/lib/services/accounts/set-up";

export const answer = routes({
  POST: route({ body: SetUpBody, isPublic: true, whileUnconfirmed: true }, async ({ ctx, request, body }) => {
    const { user, secret } = await setUp(ctx, body, agentOf(request));
    return withSession(created({ me: toNewMeView(user) }), secret);
  }),
});
