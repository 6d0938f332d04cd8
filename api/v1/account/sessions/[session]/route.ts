import { SessionParams } from "@/lib/contracts/account";
import { noContent } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { endOwnSession } from "@/lib/services/accounts/own-sessions";

export const answer = routes({
  DELETE: route({ params: SessionParams, whileUnconfirmed: true }, async ({ ctx, params }) => {
    await endOwnSession(ctx, params.session);
    return noContent();
  }),
});
