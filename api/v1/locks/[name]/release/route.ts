import { LockParams, ReleaseBody } from "@/lib/contracts/lock";
import { ok } from "@/lib/http/answers";
import { byForce } from "@/lib/http/demands";
import { releaseAnswer } from "@/lib/http/lock-views";
import { route, routes } from "@/lib/http/route";
import { releaseLock } from "@/lib/services/locks/release-lock";

export const answer = routes({
  POST: route({ params: LockParams, body: ReleaseBody, demands: byForce }, async ({ ctx, params, body }) =>
    ok(releaseAnswer(await releaseLock(ctx, params.name, body))),
  ),
});
