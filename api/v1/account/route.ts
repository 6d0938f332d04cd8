import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readAccount } from "@/lib/reads/accounts";

export const answer = routes({
  GET: route({}, async ({ ctx }) => ok(await readAccount(ctx))),
});
