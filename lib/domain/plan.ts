import type { Fact, Health } from "./health";
import { HOUR_MS } from "./hours";
import type { JobId, PlanId, RunId } from "./ids";
import type { RunState } from "./run";
import type { RecoveryVerdict } from "./verdict";

/** A clean-up or a deletion that was decided on before it is carried out: the dry run is the plan. */
export const PLAN_KINDS = ["cleanup", "delete"] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];

export const PLAN_STATES = ["ready", "applying", "applied", "aborted", "undone"] as const;
export type PlanState = (typeof PLAN_STATES)[number];

/** Who had the plan made: a person on a page, a job's policy, a start that cleans up first, or the command line. */
export const PLAN_TRIGGERS = ["manual", "policy", "start", "cli"] as const;
export type PlanTrigger = (typeof PLAN_TRIGGERS)[number];

export const PLAN_ACTIONS = ["clean", "keep", "delete"] as const;
export type PlanAction = (typeof PLAN_ACTIONS)[number];

export const PLAN_RESULTS = ["planned", "kept", "done", "skipped", "failed", "undone"] as const;
export type PlanResult = (typeof PLAN_RESULTS)[number];

/** Below this a run that is merely slow is taken for dead: an explicit override is needed. */
export const SHORTEST_SAFE_AGE_MS = 12 * HOUR_MS;

/** All times are epoch milliseconds of the wall clock. */
export type Plan = {
  readonly id: PlanId;
  readonly kind: PlanKind;
  readonly state: PlanState;
  readonly trigger: PlanTrigger;
  readonly actor: string;
  /** null: the runs were selected by hand, whatever their age. */
  readonly ageMs: number | null;
  readonly jobs: readonly JobId[];
  readonly tags: readonly string[];
  /** Ticked by hand: the only way a resumable run is cleaned. */
  readonly runs: readonly RunId[];
  /** Of a deletion: only runs that ended so; empty: however they ended. */
  readonly states: readonly RunState[];
  readonly reason: string | null;
  /** null: not applied yet. */
  readonly appliedBy: string | null;
  readonly createdAt: number;
  readonly appliedAt: number | null;
  readonly finishedAt: number | null;
  readonly undoneAt: number | null;
};

export type PlanItem = {
  readonly planId: PlanId;
  readonly runId: RunId;
  readonly jobId: JobId;
  readonly action: PlanAction;
  /** Why it is cleaned, kept or deleted. */
  readonly why: string;
  /** As it was when the plan was made. */
  readonly runState: RunState;
  readonly runVersion: number;
  readonly verdict: RecoveryVerdict | null;
  readonly health: Health | null;
  readonly evidence: readonly Fact[];
  readonly ageMs: number;
  readonly result: PlanResult;
  readonly detail: string | null;
  readonly at: number | null;
};

/** How many items of a plan stand at which result. */
export type PlanCounts = Readonly<Record<PlanResult, number>>;

export type CountedPlan = { readonly plan: Plan; readonly counts: PlanCounts };
