import { ChangePasswordBody } from "@/lib/contracts/account";
import { noContent } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { agentOf, withSession } from "@/lib/http/sessions";
import { changePassword } from "@/lib/services/accounts/change-password";

export const answer = routes({
  PUT: route({ body: ChangePasswordBody, whileUnconfirmed: true }, async ({ ctx, request, body }) => {
    const { secret } = await changePassword(ctx, body, agentOf(request));
    return withSession(noContent(), secret);
  }),
});
