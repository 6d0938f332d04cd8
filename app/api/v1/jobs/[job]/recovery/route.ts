import { JobParams } from "@/lib/contracts/job";
import { ok } from "@/lib/http/answers";
import { toRecoveryView } from "@/lib/http/recovery-view";
import { route, routes } from "@/lib/http/route";
import { getRecovery } from "@/lib/services/recovery/get-recovery";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ params: JobParams }, async ({ ctx, params }) =>
    ok(toRecoveryView(await getRecovery(ctx, params.job))),
  ),
});
