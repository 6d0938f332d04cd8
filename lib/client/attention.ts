import type { RunView } from "@/lib/contracts/run";
import type { ForeignView, StatusView } from "@/lib/contracts/status";
import type { Health } from "@/lib/domain/health";
import { HOUR_MS } from "@/lib/domain/hours";
import { isActive, type RunState } from "@/lib/domain/run";

const RECENT_MS = 24 * HOUR_MS;

/** The higher, the sooner an operator should look. 0: no need. */
const HEALTH_WEIGHT = {
  stuck: 90,
  orphaned: 85,
  overdue: 80,
  silent: 70,
  late: 10,
  healthy: 0,
} as const satisfies Record<Health, number>;

const STATE_WEIGHT = {
  failed: 60,
  timed_out: 55,
  interrupted: 50,
  cleaned: 20,
  queued: 0,
  starting: 0,
  running: 0,
  stopping: 0,
  completed: 0,
  stopped: 0,
} as const satisfies Record<RunState, number>;

/** A process outside blocks every start of its job, but nothing of ours is broken. */
const OUTSIDE_WEIGHT = 40;

type What =
  | { readonly kind: "run"; readonly run: RunView }
  | { readonly kind: "outside"; readonly foreign: ForeignView };
export type NeedsAttention = { readonly status: StatusView; readonly weight: number } & What;

/**
 * What needs an operator, most urgent first: sick active runs, jobs whose newest run went wrong within a day, and jobs that
 * run outside Unstuck. A job is named once.
 * @param now epoch milliseconds
 */
export function needsAttention(items: readonly StatusView[], now: number): readonly NeedsAttention[] {
  return items
    .flatMap((status) => look(status, now))
    .filter(({ weight }) => weight > 0)
    .sort(
      (a, b) => b.weight - a.weight || sinceOf(b) - sinceOf(a) || a.status.job.localeCompare(b.status.job),
    );
}

function look(status: StatusView, now: number): NeedsAttention[] {
  const { run, foreign } = status;
  if (foreign !== null && (run === null || !isActive(run.state)))
    return [{ kind: "outside", status, foreign, weight: OUTSIDE_WEIGHT }];
  return run === null ? [] : [{ kind: "run", status, run, weight: weigh(run, now) }];
}

function weigh(run: RunView, now: number): number {
  if (isActive(run.state)) return HEALTH_WEIGHT[run.health ?? "healthy"];
  return isUndecided(run) || wentWrongLately(run, now) ? STATE_WEIGHT[run.state] : 0;
}

/** It needs a decision, however old it is. A failed run with nothing left is simply over. */
function isUndecided(run: RunView): boolean {
  return run.unsettled && (run.state === "interrupted" || run.verdict === "resumable");
}

function wentWrongLately(run: RunView, now: number): boolean {
  return run.endedAt !== null && now - Date.parse(run.endedAt) < RECENT_MS;
}

function sinceOf(item: NeedsAttention): number {
  if (item.kind === "outside") return Date.parse(item.foreign.startedAt);
  const { run } = item;
  return Date.parse(run.endedAt ?? run.startedAt ?? run.queuedAt);
}

export type LiveCounts = {
  readonly healthy: number;
  readonly waiting: number;
  readonly late: number;
  readonly silent: number;
  readonly stuck: number;
  readonly resumable: number;
  readonly dead: number;
  readonly failed: number;
};

/**
 * `resumable` and `dead` are of the newest runs, until the list of stuck runs has told how many there are in all.
 * `stuck` counts everything that will not get well by itself: stuck, orphaned and overdue runs. Each run counts once.
 */
export function liveCounts(items: readonly StatusView[], now: number): LiveCounts {
  const runs = items.flatMap(({ run }) => (run === null ? [] : [run]));
  const active = runs.filter(({ state }) => isActive(state));
  const withHealth = (...wanted: Health[]) =>
    active.filter(({ health }) => health !== null && wanted.includes(health)).length;
  const undecided = runs.filter(isUndecided);
  return {
    healthy: active.filter(({ state, health }) => state !== "queued" && (health ?? "healthy") === "healthy")
      .length,
    waiting: active.filter(({ state }) => state === "queued").length,
    late: withHealth("late"),
    silent: withHealth("silent"),
    stuck: withHealth("stuck", "orphaned", "overdue"),
    resumable: undecided.filter(({ verdict }) => verdict === "resumable").length,
    dead: undecided.filter(({ verdict }) => verdict === "dead").length,
    failed: runs.filter((run) => hasFailed(run) && !isCounted(run) && wentWrongLately(run, now)).length,
  };
}

function hasFailed(run: RunView): boolean {
  return !isActive(run.state) && STATE_WEIGHT[run.state] >= 50;
}

/** It is among the resumable or the dead already. */
function isCounted(run: RunView): boolean {
  return isUndecided(run) && (run.verdict === "resumable" || run.verdict === "dead");
}
