import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { rotateKey } from "@/lib/services/secrets/rotate-key";

export const answer = routes({
  POST: route({}, async ({ ctx }) => ok({ sealed: await rotateKey(ctx) })),
});
