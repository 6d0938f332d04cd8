import type { Actor } from "@/lib/domain/ports/audit";
import type { Here, Watch } from "@/lib/domain/ports/host";
import type { Limits } from "@/lib/domain/ports/locks";

type Needs = Pick<Limits, "removeLimit"> & Pick<Watch, "nudge"> & Pick<Here, "now"> & Actor;

/** Removing one that is not there is no error: what was wanted is so. */
export async function removeLimit(ctx: Needs, name: string): Promise<void> {
  const audit = { actor: ctx.actor, action: "limit.removed", details: { name } };
  if (await ctx.removeLimit(name, audit, ctx.now())) ctx.nudge();
}
