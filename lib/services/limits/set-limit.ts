import type { Actor } from "@/lib/domain/ports/audit";
import type { Here, Watch } from "@/lib/domain/ports/host";
import type { Limit, Limits } from "@/lib/domain/ports/locks";

type Needs = Pick<Limits, "setLimit"> & Pick<Watch, "nudge"> & Pick<Here, "now"> & Actor;

/** Lowering a limit ends nothing; raising it starts at once what waited for it. */
export async function setLimit(ctx: Needs, { name, maxRuns }: Limit): Promise<Limit> {
  const limit = { name, maxRuns };
  await ctx.setLimit(limit, { actor: ctx.actor, action: "limit.set", details: limit }, ctx.now());
  ctx.nudge();
  return limit;
}
