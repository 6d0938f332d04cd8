import type { z } from "zod";
import type { PageQuery } from "@/lib/contracts/page";
import type { ListRunsQuery, RunEventPage, RunPage, RunView, UsageView } from "@/lib/contracts/run";
import type { RunId } from "@/lib/domain/ids";
import { toEventView, toRunView, toUsageView } from "@/lib/http/views";
import { requestContext } from "@/lib/runtime";
import { getRun } from "@/lib/services/runs/get-run";
import { listRunEvents } from "@/lib/services/runs/list-run-events";
import { listRuns } from "@/lib/services/runs/list-runs";
import { runUsage } from "@/lib/services/runs/run-usage";
import { inSlices } from "@/lib/turns";

/** The views are made a few at a time: a long list would keep everything else waiting. */
export async function readRuns(
  query: z.output<typeof ListRunsQuery>,
  ctx = requestContext(),
): Promise<z.infer<typeof RunPage>> {
  const now = ctx.now();
  const { items, nextCursor } = await listRuns(ctx, query);
  return { items: await inSlices(items, (seen) => toRunView(seen, now)), nextCursor };
}

/** @throws AppError RUN_NOT_FOUND */
export async function readRun(id: RunId, ctx = requestContext()): Promise<RunView> {
  return toRunView(await getRun(ctx, id), ctx.now());
}

/** @throws AppError RUN_NOT_FOUND */
export async function readRunEvents(
  id: RunId,
  query: z.output<typeof PageQuery>,
  ctx = requestContext(),
): Promise<z.infer<typeof RunEventPage>> {
  const page = await listRunEvents(ctx, id, query);
  return { ...page, items: page.items.map(toEventView) };
}

/** @throws AppError RUN_NOT_FOUND */
export async function readUsage(id: RunId, ctx = requestContext()): Promise<UsageView> {
  return toUsageView(await runUsage(ctx, id));
}
