import { AppError } from "@/lib/domain/errors";
import type { HoldId } from "@/lib/domain/ids";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Holds } from "@/lib/domain/ports/holds";
import type { Here } from "@/lib/domain/ports/host";

type Needs = Pick<Holds, "deleteHold"> & Pick<Here, "now"> & Actor;

/** What was skipped is not caught up on; what waits continues within seconds. @throws AppError HOLD_NOT_FOUND */
export async function releaseHold(ctx: Needs, id: HoldId): Promise<void> {
  const released = await ctx.deleteHold(
    id,
    ({ on, reason }) => ({ actor: ctx.actor, action: "hold.released", details: { hold: id, on, reason } }),
    ctx.now(),
  );
  if (released === null)
    throw new AppError("HOLD_NOT_FOUND", `There is no hold ${id}: it was released, or its time is over.`, {
      hold: id,
    });
}
