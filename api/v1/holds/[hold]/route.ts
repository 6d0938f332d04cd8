import { HoldParams } from "@/lib/contracts/hold";
import { noContent } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { releaseHold } from "@/lib/services/holds/release-hold";

export const answer = routes({
  DELETE: route({ params: HoldParams }, async ({ ctx, params }) => {
    await releaseHold(ctx, params.hold);
    return noContent();
  }),
});
