import { ListAlertsQuery } from "@/lib/contracts/alert";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readAlerts } from "@/lib/reads/stuck";

export const answer = routes({
  GET: route({ query: ListAlertsQuery }, async ({ ctx, query }) => ok(await readAlerts(query, ctx))),
});
