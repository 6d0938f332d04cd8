import type { Health } from "./health";
import { HOUR_MS } from "./hours";
import { isActive, type RunState } from "./run";
import type { RecoveryVerdict } from "./verdict";

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

/** What of a job's status says how urgently it needs an operator; instants as on the wire. */
export type Glance = {
  readonly job: string;
  readonly run: GlanceOfRun | null;
  readonly foreign: { readonly startedAt: string } | null;
};

type GlanceOfRun = {
  readonly state: RunState;
  readonly health: Health | null;
  readonly verdict: RecoveryVerdict | null;
  readonly unsettled: boolean;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
};

/** Its process runs outside, and no run of ours does. */
export function isOutside<Seen extends Glance>(
  seen: Seen,
): seen is Seen & { readonly foreign: NonNullable<Seen["foreign"]> } {
  return seen.foreign !== null && (seen.run === null || !isActive(seen.run.state));
}

/** @param now epoch milliseconds. @returns 0: nothing is wrong with it, or not for a day */
export function urgencyOf(seen: Glance, now: number): number {
  if (isOutside(seen)) return OUTSIDE_WEIGHT;
  const { run } = seen;
  if (run === null) return 0;
  if (isActive(run.state)) return HEALTH_WEIGHT[run.health ?? "healthy"];
  return isUndecided(run) || wentWrongLately(run, now) ? STATE_WEIGHT[run.state] : 0;
}

/** Those that need an operator, the most urgent first, of two alike the newer one; a job is named once. */
export function mostUrgent<Seen extends Glance>(items: readonly Seen[], now: number): Seen[] {
  return items
    .flatMap((seen) => {
      const urgency = urgencyOf(seen, now);
      return urgency === 0 ? [] : [{ seen, urgency, since: sinceOf(seen) }];
    })
    .sort((a, b) => b.urgency - a.urgency || b.since - a.since || (a.seen.job < b.seen.job ? -1 : 1))
    .map(({ seen }) => seen);
}

function sinceOf(seen: Glance): number {
  const { run, foreign } = seen;
  if (isOutside(seen) || run === null) return Date.parse(foreign?.startedAt ?? "");
  return Date.parse(run.endedAt ?? run.startedAt ?? run.queuedAt);
}

/** It needs a decision, however old it is. A failed run with nothing left is simply over. */
function isUndecided(run: GlanceOfRun): boolean {
  return run.unsettled && (run.state === "interrupted" || run.verdict === "resumable");
}

function wentWrongLately(run: GlanceOfRun, now: number): boolean {
  return run.endedAt !== null && now - Date.parse(run.endedAt) < RECENT_MS;
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
export function liveCounts(items: readonly Glance[], now: number): LiveCounts {
  const counts = { healthy: 0, waiting: 0, late: 0, silent: 0, stuck: 0, resumable: 0, dead: 0, failed: 0 };
  for (const { run } of items) {
    const counted = run === null ? null : countedAs(run, now);
    if (counted !== null) counts[counted] += 1;
  }
  return counts;
}

const HEALTH_COUNTED = {
  stuck: "stuck",
  orphaned: "stuck",
  overdue: "stuck",
  silent: "silent",
  late: "late",
  healthy: "healthy",
} as const satisfies Record<Health, keyof LiveCounts>;

function countedAs(run: GlanceOfRun, now: number): keyof LiveCounts | null {
  if (run.state === "queued") return "waiting";
  if (isActive(run.state)) return HEALTH_COUNTED[run.health ?? "healthy"];
  if (isUndecided(run) && (run.verdict === "resumable" || run.verdict === "dead")) return run.verdict;
  return STATE_WEIGHT[run.state] >= STATE_WEIGHT.interrupted && wentWrongLately(run, now) ? "failed" : null;
}
