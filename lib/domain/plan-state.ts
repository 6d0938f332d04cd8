import { AppError } from "./errors";
import { duration } from "./health";
import { HOUR_MS } from "./hours";
import type { Plan, PlanKind } from "./plan";

/** After this a plan speaks of a past that is of no use any more: a new one is made instead. */
export const PLAN_VALID_MS = 24 * HOUR_MS;

const WHERE = {
  cleanup: "POST /api/v1/cleanup/plans/:plan/apply",
  delete: "POST /api/v1/deletion/plans/:plan/apply",
} as const satisfies Record<PlanKind, string>;

/** Why a plan cannot be applied now; null: it can. */
export function applyRefusal(plan: Plan, kind: PlanKind, now: number): AppError | null {
  if (plan.kind !== kind)
    return refused(plan, `Plan ${plan.id} is a ${plan.kind} plan. Apply it with ${WHERE[plan.kind]}.`);
  switch (plan.state) {
    case "ready": {
      const ageMs = now - plan.createdAt;
      if (ageMs <= PLAN_VALID_MS) return null;
      return refused(
        plan,
        `Plan ${plan.id} is ${duration(ageMs)} old; after ${duration(PLAN_VALID_MS)} it is not applied any more. Make a new one.`,
      );
    }
    case "applying":
      return refused(plan, `Plan ${plan.id} is being applied already. Wait for it, or abort it.`);
    case "aborted":
      return refused(plan, `Plan ${plan.id} was aborted. Make a new one.`);
    default:
      return refused(plan, `Plan ${plan.id} was ${plan.state} already. Make a new one.`);
  }
}

/** Why a plan cannot be aborted now; null: it can. One that is ready is thrown away by it. */
export function abortRefusal(plan: Plan): AppError | null {
  if (plan.state === "ready" || plan.state === "applying") return null;
  return refused(plan, `Plan ${plan.id} is ${plan.state}: there is nothing left to abort.`);
}

/** Why nothing of a plan can be undone now; null: it can. */
export function undoRefusal(plan: Plan): AppError | null {
  if (plan.kind === "delete")
    return refused(plan, `Plan ${plan.id} deleted runs with their files. A deletion cannot be undone.`);
  switch (plan.state) {
    case "ready":
      return refused(plan, `Plan ${plan.id} was not applied: there is nothing to undo.`);
    case "applying":
      return refused(plan, `Plan ${plan.id} is being applied. Abort it, or wait for it, and undo it then.`);
    case "undone":
      return refused(plan, `Plan ${plan.id} was undone already.`);
    default:
      return null;
  }
}

function refused(plan: Plan, message: string): AppError {
  return new AppError("PLAN_STATE", message, { plan: plan.id, kind: plan.kind, state: plan.state });
}
