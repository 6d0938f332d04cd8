import type { z } from "zod";
import type { JobCleanupsView, PlanItemView, PlanView, UndoPreview } from "@/lib/contracts/cleanup";
import { HOUR_MS } from "@/lib/domain/hours";
import type { CountedPlan, PlanItem } from "@/lib/domain/plan";
import type { UndoPreview as Preview } from "@/lib/services/cleanup/undo-plan";
import { created, okList } from "./answers";

export function toPlanView({ plan, counts }: CountedPlan): PlanView {
  return {
    id: plan.id,
    kind: plan.kind,
    state: plan.state,
    trigger: plan.trigger,
    actor: plan.actor,
    ageHours: plan.ageMs === null ? null : plan.ageMs / HOUR_MS,
    jobs: [...plan.jobs],
    tags: [...plan.tags],
    runs: [...plan.runs],
    reason: plan.reason,
    counts: { ...counts },
    createdAt: instant(plan.createdAt),
    appliedAt: instantOrNull(plan.appliedAt),
    finishedAt: instantOrNull(plan.finishedAt),
    undoneAt: instantOrNull(plan.undoneAt),
  };
}

export function toPlanItemView(item: PlanItem): PlanItemView {
  return {
    run: item.runId,
    job: item.jobId,
    action: item.action,
    why: item.why,
    runState: item.runState,
    verdict: item.verdict,
    health: item.health,
    evidence: item.evidence.map(({ fact, value, at }) => ({ fact, value, at: instantOrNull(at) })),
    ageMs: Math.round(item.ageMs),
    result: item.result,
    detail: item.detail,
    at: instantOrNull(item.at),
  };
}

/** What making a plan answers: the plan; with `dryRun`, by which nothing is kept, its items too. */
export function planAnswer(
  made: CountedPlan & { readonly items: readonly PlanItem[] },
  dryRun = false,
): Response | Promise<Response> {
  const plan = toPlanView(made);
  return dryRun ? okList({ plan }, made.items, toPlanItemView) : created(plan);
}

export function undoPreviewAnswer({ plan, counts, items }: Preview): Promise<Response> {
  const toView = ({
    runId,
    jobId,
    outcome,
    why,
  }: Preview["items"][number]): UndoPreview["items"][number] => ({
    run: runId,
    job: jobId,
    outcome,
    why,
  });
  return okList({ plan: toPlanView(plan), counts: { ...counts } }, items, toView);
}

export function toPlanPage(page: { items: CountedPlan[]; nextCursor: string | null }) {
  return { items: page.items.map(toPlanView), nextCursor: page.nextCursor };
}

type Cleanups = Omit<z.infer<typeof JobCleanupsView>, "lastAt" | "plans"> & {
  readonly lastAt: number | null;
  readonly plans: { items: CountedPlan[]; nextCursor: string | null };
};

export function toJobCleanupsView({ lastAt, plans, ...rest }: Cleanups): z.infer<typeof JobCleanupsView> {
  return { ...rest, lastAt: instantOrNull(lastAt), plans: toPlanPage(plans) };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function instantOrNull(ms: number | null): string | null {
  return ms === null ? null : instant(ms);
}
