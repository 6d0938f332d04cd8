import type { z } from "zod";
import type { PageQuery } from "@/lib/contracts/page";
import type { ListRunsQuery, RunEventPage, RunPage, RunView, UsageView } from "@/lib/contracts/run";
import { isPartial } from "@/lib/domain/access";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { Asker } from "@/lib/domain/ports/audit";
import { toEventView, toRunView, toUsageView } from "@/lib/http/views";
import { requestContext, statusBoard } from "@/lib/runtime";
import { getRun } from "@/lib/services/runs/get-run";
import { listRunEvents } from "@/lib/services/runs/list-run-events";
import { listRuns } from "@/lib/services/runs/list-runs";
import { runUsage } from "@/lib/services/runs/run-usage";
import { inSlices } from "@/lib/turns";
import { asMayBeSeen, hiddenLogs } from "./hidden-logs";

/** The views are made a few at a time: a long list would keep everything else waiting. */
export async function readRuns(
  query: z.output<typeof ListRunsQuery>,
  ctx = requestContext(),
): Promise<z.infer<typeof RunPage>> {
  const now = ctx.now();
  const hidden = await hiddenLogs(ctx);
  const jobs = await visibleJobs(ctx, query.fingerprint === undefined ? NONE : hidden);
  const { items, nextCursor } = await listRuns(ctx, { ...query, jobs });
  return { items: await inSlices(items, (seen) => toRunView(asMayBeSeen(seen, hidden), now)), nextCursor };
}

const NONE: ReadonlySet<JobId> = new Set();

/** undefined: all. @param without of which the question itself would tell something, as what their runs said last */
async function visibleJobs(
  { who }: Asker,
  without: ReadonlySet<JobId>,
): Promise<readonly JobId[] | undefined> {
  if (who !== null && !isPartial(who.access) && without.size === 0) return undefined;
  const { statuses } = await statusBoard().now();
  return statuses.map(({ job }) => job.id).filter((id) => !without.has(id));
}

/** @throws AppError RUN_NOT_FOUND */
export async function readRun(id: RunId, ctx = requestContext()): Promise<RunView> {
  return toRunView(asMayBeSeen(await getRun(ctx, id), await hiddenLogs(ctx)), ctx.now());
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
