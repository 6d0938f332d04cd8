import { UserParams } from "@/lib/contracts/account";
import { noContent } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { removeUsersSecondFactor } from "@/lib/services/users/help-user";

export const answer = routes({
  DELETE: route({ params: UserParams, whileUnconfirmed: true }, async ({ ctx, params }) => {
    await removeUsersSecondFactor(ctx, params.user);
    return noContent();
  }),
});
