import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { examine } from "@/lib/services/doctor/examine";

export const answer = routes({
  GET: route({}, async ({ ctx }) => ok({ checks: await examine(ctx) })),
});
