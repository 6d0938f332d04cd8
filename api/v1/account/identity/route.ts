import { ConfirmByPasswordBody } from "@/lib/contracts/account";
import { noContent, ok } from "@/lib/http/answers";
import { keptByBrowser, withKept } from "@/lib/http/at-provider";
import { route, routes } from "@/lib/http/route";
import { startLinking } from "@/lib/services/accounts/start-at-provider";
import { unlinkIdentity } from "@/lib/services/accounts/unlink-identity";

const spec = { body: ConfirmByPasswordBody, whileUnconfirmed: true } as const;

export const answer = routes({
  POST: route(spec, async ({ ctx, request, body }) => {
    const given = { ...body, host: new URL(request.url).host };
    const { url, keep } = await startLinking(ctx, given, keptByBrowser(request));
    return withKept(ok({ url }), keep);
  }),
  DELETE: route(spec, async ({ ctx, body }) => {
    await unlinkIdentity(ctx, body.password);
    return noContent();
  }),
});
