import { SignInBody } from "@/lib/contracts/account";
import { toNewMeView } from "@/lib/http/account-views";
import { ok } from "@/lib/http/answers";
import { signedOut } from "@/lib/http/at-provider";
import { route, routes } from "@/lib/http/route";
import { agentOf, withoutSession, withSession } from "@/lib/http/sessions";
import { readSession } from "@/lib/reads/accounts";
import { signIn } from "@/lib/services/accounts/sign-in";
import { signOut } from "@/lib/services/accounts/sign-out";

/** Signing in and out changes nothing of what runs, so it is possible while it is not certain that the data folder is the live one. */
const spec = { isPublic: true, whileUnconfirmed: true } as const;

export const answer = routes({
  GET: route(spec, async () => ok(readSession())),
  POST: route({ ...spec, body: SignInBody }, async ({ ctx, request, body }) => {
    const { user, secret } = await signIn(ctx, body, agentOf(request));
    return withSession(ok({ me: toNewMeView(user) }), secret);
  }),
  DELETE: route(spec, async ({ ctx }) => {
    return withoutSession(signedOut(await signOut(ctx)));
  }),
});
