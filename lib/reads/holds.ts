import type { z } from "zod";
import type { HoldList } from "@/lib/contracts/hold";
import { isPartial } from "@/lib/domain/access";
import { isFor } from "@/lib/domain/hold";
import { toHoldView } from "@/lib/http/hold-view";
import { requestContext, statusBoard } from "@/lib/runtime";

/** Those that last now and concern a job that who asks may see, the newest first. */
export async function readHolds(ctx = requestContext()): Promise<z.infer<typeof HoldList>> {
  const { who } = ctx;
  const holds = await ctx.listHolds(ctx.now());
  if (holds.length === 0 || (who !== null && !isPartial(who.access))) return { items: holds.map(toHoldView) };
  const jobs = (await statusBoard().now()).statuses.map(({ job }) => job);
  const concerns = holds.filter((hold) => hold.on === "all" || jobs.some((job) => isFor(hold, job)));
  return { items: concerns.map(toHoldView) };
}
