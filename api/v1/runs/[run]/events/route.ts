import { PageQuery } from "@/lib/contracts/page";
import { RunParams } from "@/lib/contracts/run";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readRunEvents } from "@/lib/reads/runs";

export const answer = routes({
  GET: route({ params: RunParams, query: PageQuery }, async ({ ctx, params, query }) =>
    ok(await readRunEvents(params.run, query, ctx)),
  ),
});
