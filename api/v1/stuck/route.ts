import { StuckQuery } from "@/lib/contracts/stuck";
import { okPage } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readStuck } from "@/lib/reads/stuck";

export const answer = routes({
  GET: route({ query: StuckQuery }, async ({ ctx, query }) => okPage(await readStuck(query, ctx))),
});
