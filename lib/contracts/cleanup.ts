import { z } from "zod";
import { HEALTHS } from "@/lib/domain/health";
import { PLAN_ID_PATTERN, type PlanId, parsePlanId } from "@/lib/domain/ids";
import { PLAN_ACTIONS, PLAN_KINDS, PLAN_RESULTS, PLAN_STATES, PLAN_TRIGGERS } from "@/lib/domain/plan";
import { RUN_STATES } from "@/lib/domain/run";
import { UNDO_OUTCOMES } from "@/lib/domain/undo";
import { RECOVERY_VERDICTS } from "@/lib/domain/verdict";
import { JobIdParam, Label } from "./job";
import { Instant, PageQuery, pageOf } from "./page";
import { FactView, RunIdParam } from "./run";

const Reason = z.string().trim().max(500);
const MAX_TICKED = 1_000;

export const PlanIdParam = z.string().transform((text, ctx): PlanId => {
  const id = parsePlanId(text);
  if (id !== null) return id;
  ctx.addIssue({
    code: "custom",
    message: `expected a plan id (${PLAN_ID_PATTERN.source}), found ${JSON.stringify(text.slice(0, 80))}`,
  });
  return z.NEVER;
});

/** The path segment `:plan`. */
export const PlanParams = z.object({ plan: PlanIdParam });

/** POST /api/v1/cleanup/plans */
export const CleanupPlanBody = z.strictObject({
  ageHours: z.number().min(0).max(87_600).optional(),
  jobs: z.array(JobIdParam).max(1_000).optional(),
  tags: z.array(Label).max(20).optional(),
  /** Ticked by hand: exactly these, of any age, resumable ones too. */
  runs: z.array(RunIdParam).max(MAX_TICKED).optional(),
  /** A threshold below 12 hours. */
  allowShort: z.boolean().optional(),
  reason: Reason.optional(),
  /** Answers the plan with its items and keeps nothing of it. */
  dryRun: z.boolean().optional(),
  trigger: z.enum(["manual", "cli"]).optional(),
});
export type CleanupPlanBody = z.input<typeof CleanupPlanBody>;

/** POST /api/v1/deletion/plans: final runs of one job that ended longer ago. */
export const DeletionPlanBody = z.strictObject({
  job: JobIdParam,
  olderThanHours: z.number().min(0).max(876_000),
  states: z.array(z.enum(RUN_STATES)).max(RUN_STATES.length).optional(),
  reason: Reason.optional(),
  dryRun: z.boolean().optional(),
  trigger: z.enum(["manual", "cli"]).optional(),
});
export type DeletionPlanBody = z.input<typeof DeletionPlanBody>;

export const ApplyBody = z.strictObject({ reason: Reason.optional() });
export type ApplyBody = z.infer<typeof ApplyBody>;

/** `confirm`: the job's id, typed by hand. */
export const ApplyDeletionBody = z.strictObject({ confirm: z.string(), reason: Reason.optional() });
export type ApplyDeletionBody = z.infer<typeof ApplyDeletionBody>;

const UndoCounts = z.strictObject({
  /** Listed under Stuck again. */
  stuck: z.number().int().min(0),
  /** Only the old state comes back: a newer run of its job has decided about its work. */
  state_only: z.number().int().min(0),
  /** Cannot be put back. */
  unchanged: z.number().int().min(0),
});

/** POST …/undo. `dryRun`: says what it would do, and changes nothing. */
export const UndoBody = z.strictObject({
  reason: Reason.optional().transform((text) => (text === "" ? undefined : text)),
  runs: z.array(RunIdParam).min(1).max(MAX_TICKED).optional(),
  dryRun: z.boolean().optional(),
  /** The counts of the preview: when they are others by now, nothing is undone. */
  expected: UndoCounts.optional(),
});
export type UndoBody = z.input<typeof UndoBody>;

export const PlanView = z.object({
  id: z.string(),
  kind: z.enum(PLAN_KINDS),
  state: z.enum(PLAN_STATES),
  trigger: z.enum(PLAN_TRIGGERS),
  actor: z.string(),
  ageHours: z.number().nullable(),
  jobs: z.array(z.string()),
  tags: z.array(z.string()),
  runs: z.array(z.string()),
  reason: z.string().nullable(),
  counts: z.object({
    planned: z.number().int(),
    kept: z.number().int(),
    done: z.number().int(),
    skipped: z.number().int(),
    failed: z.number().int(),
    undone: z.number().int(),
  }),
  createdAt: Instant,
  appliedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  undoneAt: Instant.nullable(),
});
export type PlanView = z.infer<typeof PlanView>;
export const PlanPage = pageOf(PlanView);

export const PlanItemView = z.object({
  run: z.string(),
  job: z.string(),
  action: z.enum(PLAN_ACTIONS),
  why: z.string(),
  runState: z.enum(RUN_STATES),
  verdict: z.enum(RECOVERY_VERDICTS).nullable(),
  health: z.enum(HEALTHS).nullable(),
  evidence: z.array(FactView),
  ageMs: z.number().int(),
  result: z.enum(PLAN_RESULTS),
  detail: z.string().nullable(),
  at: Instant.nullable(),
});
export type PlanItemView = z.infer<typeof PlanItemView>;
export const PlanItemPage = pageOf(PlanItemView);

/** Answer to `dryRun: true`: a plan that was not kept, with all its items. */
export const DryRunAnswer = z.object({ plan: PlanView, items: z.array(PlanItemView) });

/** Answer to an undo with `dryRun: true`. */
export const UndoPreview = z.object({
  plan: PlanView,
  counts: UndoCounts,
  /** By run, the first 200; the counts are of all. */
  items: z.array(
    z.object({ run: z.string(), job: z.string(), outcome: z.enum(UNDO_OUTCOMES), why: z.string() }),
  ),
});
export type UndoPreview = z.infer<typeof UndoPreview>;

export const ListPlansQuery = PageQuery.extend({
  kind: z.enum(PLAN_KINDS).optional(),
  job: JobIdParam.optional(),
  /** Only plans that have changed this run, and stand. */
  run: RunIdParam.optional(),
});
export const ListPlanItemsQuery = PageQuery.extend({ result: z.enum(PLAN_RESULTS).optional() });

/** GET /api/v1/jobs/:job/cleanups */
export const JobCleanupsView = z.object({
  job: z.string(),
  cleaned: z.number().int(),
  undone: z.number().int(),
  deleted: z.number().int(),
  lastAt: Instant.nullable(),
  plans: PlanPage,
});
