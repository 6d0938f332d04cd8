import { ListLocksQuery } from "@/lib/contracts/lock";
import { ok } from "@/lib/http/answers";
import { toLockView } from "@/lib/http/lock-views";
import { route, routes } from "@/lib/http/route";
import { listLocks } from "@/lib/services/locks/list-locks";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ query: ListLocksQuery }, async ({ ctx, query }) => {
    const page = await listLocks(ctx, query);
    return ok({ ...page, items: page.items.map(toLockView) });
  }),
});
