import { RunParams } from "@/lib/contracts/run";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toRunView } from "@/lib/http/views";
import { getRun } from "@/lib/services/runs/get-run";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: RunParams }, async ({ ctx, params }) =>
    ok(toRunView(await getRun(ctx, params.run), ctx.now())),
  ),
});
