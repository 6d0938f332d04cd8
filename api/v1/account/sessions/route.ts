import { noContent, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readSessions } from "@/lib/reads/accounts";
import { endOtherSessions } from "@/lib/services/accounts/own-sessions";

export const answer = routes({
  GET: route({}, async ({ ctx }) => ok(await readSessions(ctx))),
  DELETE: route({ whileUnconfirmed: true }, async ({ ctx }) => {
    await endOtherSessions(ctx);
    return noContent();
  }),
});
