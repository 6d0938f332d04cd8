import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readLimits } from "@/lib/reads/locks";

export const answer = routes({
  GET: route({}, async ({ ctx }) => ok(await readLimits(ctx))),
});
