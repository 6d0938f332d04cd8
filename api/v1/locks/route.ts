import { ListLocksQuery } from "@/lib/contracts/lock";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readLocks } from "@/lib/reads/locks";

export const answer = routes({
  GET: route({ query: ListLocksQuery }, async ({ ctx, query }) => ok(await readLocks(query, ctx))),
});
