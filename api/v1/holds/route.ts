import { PlaceHoldBody } from "@/lib/contracts/hold";
import { created, ok } from "@/lib/http/answers";
import { toHoldView } from "@/lib/http/hold-view";
import { route, routes } from "@/lib/http/route";
import { readHolds } from "@/lib/reads/holds";
import { placeHold } from "@/lib/services/holds/place-hold";

export const answer = routes({
  GET: route({}, async ({ ctx }) => ok(await readHolds(ctx))),
  POST: route({ body: PlaceHoldBody }, async ({ ctx, body: { on, reason, until } }) =>
    created(
      toHoldView(await placeHold(ctx, { on, reason, until: until == null ? null : Date.parse(until) })),
    ),
  ),
});
