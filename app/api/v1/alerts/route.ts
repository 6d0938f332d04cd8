import { ListAlertsQuery } from "@/lib/contracts/alert";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toAlertView } from "@/lib/http/stuck-views";
import { listAlerts } from "@/lib/services/alerts/list-alerts";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ query: ListAlertsQuery }, async ({ ctx, query }) => {
    const { items, nextCursor } = await listAlerts(ctx, query);
    return ok({ items: items.map(toAlertView), nextCursor });
  }),
});
