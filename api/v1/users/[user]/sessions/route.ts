import { UserParams } from "@/lib/contracts/account";
import { noContent } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { endUsersSessions } from "@/lib/services/users/help-user";

export const answer = routes({
  DELETE: route({ params: UserParams, whileUnconfirmed: true }, async ({ ctx, params }) => {
    await endUsersSessions(ctx, params.user);
    return noContent();
  }),
});
