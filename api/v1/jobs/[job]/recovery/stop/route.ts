import { JobParams } from "@/lib/contracts/job";
import { RecoveryBody } from "@/lib/contracts/recovery";
import { ok } from "@/lib/http/answers";
import { toRecoveryView } from "@/lib/http/recovery-view";
import { route, routes } from "@/lib/http/route";
import { stopRecovery } from "@/lib/services/commands/stop-recovery";

export const answer = routes({
  POST: route({ params: JobParams, body: RecoveryBody }, async ({ ctx, params, body }) =>
    ok(toRecoveryView(await stopRecovery(ctx, params.job, body))),
  ),
});
