import { ConfirmByPasswordBody, ConfirmSecondFactorBody } from "@/lib/contracts/account";
import { created, noContent, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { agentOf, withSession } from "@/lib/http/sessions";
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
} from "@/lib/services/accounts/second-factor";

export const answer = routes({
  POST: route({ body: ConfirmByPasswordBody, whileUnconfirmed: true }, async ({ ctx, body }) =>
    created(await beginSecondFactor(ctx, body.password)),
  ),
  PUT: route({ body: ConfirmSecondFactorBody, whileUnconfirmed: true }, async ({ ctx, request, body }) => {
    const { secret, recoveryCodes } = await confirmSecondFactor(ctx, body.code, agentOf(request));
    return withSession(ok({ recoveryCodes }), secret);
  }),
  DELETE: route({ body: ConfirmByPasswordBody, whileUnconfirmed: true }, async ({ ctx, body }) => {
    await removeSecondFactor(ctx, body.password);
    return noContent();
  }),
});
