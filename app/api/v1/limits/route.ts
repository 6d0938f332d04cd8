import { ok } from "@/lib/http/answers";
import { toLimitView } from "@/lib/http/lock-views";
import { route, routes } from "@/lib/http/route";
import { listLimits } from "@/lib/services/limits/list-limits";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({}, async ({ ctx }) => ok({ items: (await listLimits(ctx)).map(toLimitView) })),
});
