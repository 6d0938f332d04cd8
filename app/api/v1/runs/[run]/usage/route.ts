import { RunParams } from "@/lib/contracts/run";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toUsageView } from "@/lib/http/views";
import { runUsage } from "@/lib/services/runs/run-usage";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: RunParams }, async ({ ctx, params }) =>
    ok(toUsageView(await runUsage(ctx, params.run))),
  ),
});
