import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readStrays } from "@/lib/reads/stuck";

export const answer = routes({
  GET: route({}, async ({ ctx }) => ok(await readStrays(ctx))),
});
