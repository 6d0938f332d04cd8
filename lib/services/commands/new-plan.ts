import type { JobId, RunId } from "@/lib/domain/ids";
import type { Plan, PlanKind, PlanTrigger } from "@/lib/domain/plan";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { NewIds } from "@/lib/domain/ports/runs";
import type { FinalState } from "@/lib/domain/run";

export type NewPlanNeeds = Pick<NewIds, "newPlanId"> & Pick<Here, "now"> & Actor;

type Asked = {
  readonly kind: PlanKind;
  readonly trigger: PlanTrigger;
  readonly ageMs: number | null;
  readonly jobs: readonly JobId[];
  readonly tags?: readonly string[];
  readonly runs?: readonly RunId[];
  readonly states?: readonly FinalState[];
  readonly reason: string | null;
};

export function newPlan(ctx: NewPlanNeeds, asked: Asked): Plan {
  const now = ctx.now();
  return {
    id: ctx.newPlanId(now),
    state: "ready",
    actor: ctx.actor,
    appliedBy: null,
    createdAt: now,
    appliedAt: null,
    finishedAt: null,
    undoneAt: null,
    tags: [],
    runs: [],
    states: [],
    ...asked,
  };
}
