import { AppError } from "@/lib/domain/errors";
import type { Hold, HoldTarget } from "@/lib/domain/hold";
import type { JobId } from "@/lib/domain/ids";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Holds } from "@/lib/domain/ports/holds";
import type { Here } from "@/lib/domain/ports/host";
import { type FindJob, getJob } from "@/lib/services/commands/get-job";

type Needs = FindJob & Pick<Holds, "insertHold" | "newHoldId"> & Pick<Here, "now"> & Actor;

export type PlaceHold = {
  readonly on: HoldTarget;
  readonly reason: string;
  /** Epoch milliseconds; left out: until it is released. */
  readonly until?: number | null | undefined;
};

/** Holds back what would be started automatically; what runs goes on. @throws AppError JOB_NOT_FOUND, INVALID_INPUT */
export async function placeHold(ctx: Needs, { on, reason, until = null }: PlaceHold): Promise<Hold> {
  const now = ctx.now();
  if (until !== null && until <= now)
    throw new AppError("INVALID_INPUT", "until: expected a time in the future.", { until });
  if (on.startsWith("job:")) await getJob(ctx, on.slice("job:".length) as JobId);
  const hold = { id: ctx.newHoldId(now), on, reason, until, actor: ctx.actor, createdAt: now };
  const details = { hold: hold.id, on, until: until === null ? null : new Date(until).toISOString() };
  await ctx.insertHold(hold, { actor: ctx.actor, action: "hold.placed", reason, details });
  return hold;
}
