import { checkAge, chooseCleanUp } from "@/lib/domain/clean-up";
import { AppError } from "@/lib/domain/errors";
import { mergeFacts } from "@/lib/domain/health";
import { HOUR_MS } from "@/lib/domain/hours";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { Plan, PlanItem, PlanTrigger } from "@/lib/domain/plan";
import type { Runs } from "@/lib/domain/ports/runs";
import type { KeptVerdict, Unsettled } from "@/lib/domain/ports/stuck";
import type { Recovery } from "@/lib/domain/recovery";
import { isActive, type Run } from "@/lib/domain/run";
import { ageOf } from "@/lib/domain/stuck";
import { newPlan } from "@/lib/services/commands/new-plan";
import { type DeepSight, seeRunWithRecovery } from "@/lib/services/commands/see-run";
import { nextTurn } from "@/lib/turns";
import { keepPlan, type MadePlan, MOST_ITEMS, type PlanNeeds } from "./keep-plan";

export type MakePlanNeeds = PlanNeeds &
  DeepSight &
  Pick<Unsettled, "listUnsettled" | "saveVerdicts"> &
  Pick<Runs, "listUnfinished" | "findRuns">;

export type MakePlan = {
  /** Default 24. */
  readonly ageHours?: number | undefined;
  readonly jobs?: readonly JobId[] | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Ticked by hand: exactly these, of any age. */
  readonly runs?: readonly RunId[] | undefined;
  readonly allowShort?: boolean | undefined;
  readonly reason?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly trigger?: PlanTrigger | undefined;
};

const DEFAULT_AGE_HOURS = 24;
const PAGE = 200;

/**
 * The dry run of a clean-up: a frozen list of runs, what will happen to each, and why. It changes no run. What is younger than the
 * threshold is not on it.
 * @throws AppError INVALID_INPUT for a threshold that is dangerous; RUN_NOT_FOUND for a ticked run there is not
 */
export async function makePlan(ctx: MakePlanNeeds, input: MakePlan): Promise<MadePlan> {
  const ticked = input.runs !== undefined && input.runs.length > 0;
  const ageMs = ticked ? null : (input.ageHours ?? DEFAULT_AGE_HOURS) * HOUR_MS;
  if (ageMs !== null) checkAge(ageMs, input.allowShort ?? false);
  const plan = newPlan(ctx, {
    kind: "cleanup",
    trigger: input.trigger ?? "manual",
    ageMs,
    jobs: input.jobs ?? [],
    tags: input.tags ?? [],
    runs: ticked ? [...new Set(input.runs)] : [],
    reason: input.reason ?? null,
  });
  const candidates = ageMs === null ? await tickedRuns(ctx, plan.runs) : oldRuns(ctx, plan, ageMs);
  const looked = await itemsOf(ctx, plan, candidates);
  const items = looked.map(({ item }) => item);
  const dryRun = input.dryRun ?? false;
  const read = dryRun ? [] : looked.flatMap((one) => readOf(one, plan.createdAt));
  for (let from = 0; from < read.length; from += PAGE) {
    await ctx.saveVerdicts(read.slice(from, from + PAGE));
    await nextTurn();
  }
  return keepPlan(ctx, plan, items, dryRun);
}

async function tickedRuns(ctx: MakePlanNeeds, ids: readonly RunId[]): Promise<Run[]> {
  const runs = await ctx.findRuns(ids);
  const there = new Set(runs.map(({ id }) => id));
  const missing = ids.find((id) => !there.has(id));
  if (missing === undefined) return runs;
  throw new AppError("RUN_NOT_FOUND", `There is no run ${missing}, so no plan was made.`, { run: missing });
}

/** Runs that need a decision, and active ones that do not look alive. */
async function* oldRuns(ctx: MakePlanNeeds, plan: Plan, ageMs: number): AsyncGenerator<Run> {
  const jobs = plan.jobs.length === 0 ? null : plan.jobs;
  const tags = plan.tags.length === 0 ? null : plan.tags;
  const olderThan = plan.createdAt - ageMs;
  yield* (await ctx.listUnfinished()).filter(
    (run) =>
      run.state !== "queued" &&
      ageOf(run, plan.createdAt) > ageMs &&
      (jobs === null || jobs.includes(run.jobId)) &&
      (tags === null || tags.some((tag) => run.spec.tags.includes(tag))),
  );
  for (let before: string | null = null; ; ) {
    const page = await ctx.listUnsettled({ olderThan, jobs, tags }, { before, limit: PAGE });
    yield* page.slice(0, PAGE);
    if (page.length <= PAGE) return;
    before = page[PAGE - 1]?.id ?? null;
  }
}

/**
 * What is beyond the most a plan holds of each kind is left out, so that what is kept never crowds out what is to be cleaned. A run that
 * ends while candidates are listed comes up twice, active and then ended: what was seen last counts.
 */
async function itemsOf(
  ctx: MakePlanNeeds,
  plan: Plan,
  candidates: Iterable<Run> | AsyncIterable<Run>,
): Promise<Looked[]> {
  const looked = new Map<RunId, Looked>();
  const held: Record<PlanItem["action"], number> = { clean: 0, keep: 0, delete: 0 };
  for await (const run of candidates) {
    const one = await look(ctx, plan, run);
    // Each look at a checkpoint is short; many of them must not keep everybody else waiting.
    await nextTurn();
    const before = looked.get(run.id);
    if (before !== undefined) held[before.item.action] -= 1;
    looked.delete(run.id);
    if (one === null || held[one.item.action] >= MOST_ITEMS) continue;
    looked.set(run.id, one);
    held[one.item.action] += 1;
    if (held.clean >= MOST_ITEMS) break;
  }
  return [...looked.values()].sort((a, b) => (a.item.runId < b.item.runId ? -1 : 1));
}

type Looked = { readonly item: PlanItem; readonly recovery: Recovery };

const LOOKS_GONE = ["orphaned", "overdue", "stuck"];

/** null: it is none of a clean-up's business. */
async function look(ctx: MakePlanNeeds, plan: Plan, row: Run): Promise<Looked | null> {
  const { run, health, recovery } = await seeRunWithRecovery(ctx, row);
  const ticked = plan.runs.includes(run.id);
  if (!ticked && isActive(run.state) && !LOOKS_GONE.includes(health?.health ?? "")) return null;
  // Ended for good reasons of its own, with nothing left to go on from: over, and not stuck.
  if (!ticked && !isActive(run.state) && run.state !== "interrupted" && recovery.verdict !== "resumable")
    return null;
  const processAlive = ctx.live(run.id)?.processAlive ?? null;
  const choice = chooseCleanUp({ run, health: health?.health ?? null, processAlive, recovery, ticked });
  const item: PlanItem = {
    planId: plan.id,
    runId: run.id,
    jobId: run.jobId,
    ...choice,
    runState: run.state,
    runVersion: run.version,
    // What is not proven gone is not called dead.
    verdict: isActive(run.state) && choice.action === "keep" ? null : recovery.verdict,
    health: health?.health ?? null,
    evidence: mergeFacts(health?.evidence ?? [], recovery.evidence),
    ageMs: ageOf(run, plan.createdAt),
    result: choice.action === "clean" ? "planned" : "kept",
    detail: null,
    at: null,
  };
  return { item, recovery };
}

/** The stored verdict of what is over is the one last read. */
function readOf(
  { item: { runId, runState }, recovery: { verdict, resumeFrom } }: Looked,
  at: number,
): KeptVerdict[] {
  return isActive(runState) ? [] : [{ runId, verdict, resumeFrom, at }];
}
