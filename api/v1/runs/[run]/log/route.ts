import { LogQuery, RunParams } from "@/lib/contracts/run";
import { logResponse, wantedPart } from "@/lib/http/log";
import { route, routes } from "@/lib/http/route";
import { refuseHiddenLog } from "@/lib/reads/hidden-logs";
import { readLog } from "@/lib/services/runs/read-log";

export const answer = routes({
  GET: route({ params: RunParams, query: LogQuery }, async ({ ctx, request, params, query }) => {
    await refuseHiddenLog(ctx, params.run);
    const wanted = wantedPart(query, request.headers.get("range"));
    return logResponse(params.run, wanted, await readLog(ctx, params.run, wanted), query.download === "1");
  }),
});
