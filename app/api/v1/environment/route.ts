import { EnvironmentBody } from "@/lib/contracts/environment";
import { ok } from "@/lib/http/answers";
import { toEnvironmentView } from "@/lib/http/environment-views";
import { route, routes } from "@/lib/http/route";
import { showEnvironment } from "@/lib/services/environment/show-environment";
import { useEnvironment } from "@/lib/services/environment/use-environment";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({}, async ({ ctx }) => ok(toEnvironmentView(await showEnvironment(ctx)))),
  PUT: route({ body: EnvironmentBody }, async ({ ctx, body }) => {
    await useEnvironment(ctx, body);
    return ok(toEnvironmentView(await showEnvironment(ctx)));
  }),
});
