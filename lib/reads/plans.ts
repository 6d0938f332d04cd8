import type { z } from "zod";
import type {
  JobCleanupsView,
  ListPlanItemsQuery,
  ListPlansQuery,
  PlanItemPage,
  PlanPage,
  PlanView,
} from "@/lib/contracts/cleanup";
import type { PageQuery } from "@/lib/contracts/page";
import type { JobId, PlanId } from "@/lib/domain/ids";
import { toJobCleanupsView, toPlanItemView, toPlanPage, toPlanView } from "@/lib/http/plan-views";
import { requestContext } from "@/lib/runtime";
import { getPlan } from "@/lib/services/cleanup/get-plan";
import { jobCleanups } from "@/lib/services/cleanup/job-cleanups";
import { listPlanItems } from "@/lib/services/cleanup/list-plan-items";
import { listPlans } from "@/lib/services/cleanup/list-plans";

export async function readPlans(
  query: z.output<typeof ListPlansQuery>,
  ctx = requestContext(),
): Promise<z.infer<typeof PlanPage>> {
  return toPlanPage(await listPlans(ctx, query));
}

/** @throws AppError PLAN_NOT_FOUND */
export async function readPlan(id: PlanId, ctx = requestContext()): Promise<PlanView> {
  return toPlanView(await getPlan(ctx, id));
}

/** @throws AppError PLAN_NOT_FOUND */
export async function readPlanItems(
  id: PlanId,
  query: z.output<typeof ListPlanItemsQuery>,
  ctx = requestContext(),
): Promise<z.infer<typeof PlanItemPage>> {
  const page = await listPlanItems(ctx, id, query);
  return { ...page, items: page.items.map(toPlanItemView) };
}

/** @throws AppError JOB_NOT_FOUND */
export async function readJobCleanups(
  id: JobId,
  query: z.output<typeof PageQuery>,
  ctx = requestContext(),
): Promise<z.infer<typeof JobCleanupsView>> {
  return toJobCleanupsView(await jobCleanups(ctx, id, query));
}
