import { RunParams } from "@/lib/contracts/run";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readRun } from "@/lib/reads/runs";

export const answer = routes({
  GET: route({ params: RunParams }, async ({ ctx, params }) => ok(await readRun(params.run, ctx))),
});
