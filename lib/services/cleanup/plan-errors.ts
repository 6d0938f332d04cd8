import { AppError } from "@/lib/domain/errors";
import type { PlanId } from "@/lib/domain/ids";

export function planNotFound(id: PlanId): AppError {
  const message = `There is no plan ${id}. GET /api/v1/cleanup/plans lists those there are.`;
  return new AppError("PLAN_NOT_FOUND", message, { plan: id });
}
