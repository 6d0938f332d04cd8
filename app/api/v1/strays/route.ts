import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toStraysView } from "@/lib/http/stray-views";
import { listStrays } from "@/lib/services/strays/list-strays";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({}, async ({ ctx }) => ok(toStraysView(await listStrays(ctx), ctx.now()))),
});
