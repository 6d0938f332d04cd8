import { ResetPasswordBody, UserParams } from "@/lib/contracts/account";
import { toUserView } from "@/lib/http/account-views";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { resetPassword } from "@/lib/services/users/reset-password";

export const answer = routes({
  PUT: route(
    { params: UserParams, body: ResetPasswordBody, whileUnconfirmed: true },
    async ({ ctx, params, body }) => {
      const { user, password } = await resetPassword(ctx, params.user, body.password);
      return ok({ user: toUserView(user), password });
    },
  ),
});
