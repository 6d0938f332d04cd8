import { ListRunsQuery } from "@/lib/contracts/run";
import { okPage } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readRuns } from "@/lib/reads/runs";

export const answer = routes({
  GET: route({ query: ListRunsQuery }, async ({ ctx, query }) => okPage(await readRuns(query, ctx))),
});
