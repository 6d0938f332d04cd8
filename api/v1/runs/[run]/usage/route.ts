import { RunParams } from "@/lib/contracts/run";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readUsage } from "@/lib/reads/runs";

export const answer = routes({
  GET: route({ params: RunParams }, async ({ ctx, params }) => ok(await readUsage(params.run, ctx))),
});
