import { AlertParams } from "@/lib/contracts/alert";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toAlertView } from "@/lib/http/stuck-views";
import { acknowledgeAlert } from "@/lib/services/alerts/acknowledge-alert";

export const answer = routes({
  POST: route({ params: AlertParams }, async ({ ctx, params }) =>
    ok(toAlertView(await acknowledgeAlert(ctx, params.alert))),
  ),
});
