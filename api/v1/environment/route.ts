import { EnvironmentBody } from "@/lib/contracts/environment";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readEnvironment } from "@/lib/reads/jobs";
import { useEnvironment } from "@/lib/services/environment/use-environment";

export const answer = routes({
  GET: route({}, async ({ ctx }) => ok(await readEnvironment(ctx))),
  PUT: route({ body: EnvironmentBody }, async ({ ctx, body }) => {
    await useEnvironment(ctx, body);
    return ok(await readEnvironment(ctx));
  }),
});
