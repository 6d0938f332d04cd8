import { JobParams } from "@/lib/contracts/job";
import { RecoveryBody } from "@/lib/contracts/recovery";
import { ok } from "@/lib/http/answers";
import { toRecoveryView } from "@/lib/http/recovery-view";
import { route, routes } from "@/lib/http/route";
import { retryRecovery } from "@/lib/services/recovery/retry-recovery";

export const answer = routes({
  POST: route({ params: JobParams, body: RecoveryBody }, async ({ ctx, params, body }) =>
    ok(toRecoveryView(await retryRecovery(ctx, params.job, body))),
  ),
});
