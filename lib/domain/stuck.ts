import { duration, type Health } from "./health";
import { SHORTEST_SAFE_AGE_MS } from "./plan";
import type { Recovery } from "./recovery";
import { isActive, type Run } from "./run";
import type { RecoveryVerdict } from "./verdict";

/** What the list of stuck runs sorts them into. */
export const STUCK_CATEGORIES = ["resumable", "dead", "complete", "unknown", "orphaned", "waiting"] as const;
export type StuckCategory = (typeof STUCK_CATEGORIES)[number];

/** What can be done about one. */
export const STUCK_REMEDIES = ["resume", "clean", "stop", "start"] as const;
export type StuckRemedy = (typeof STUCK_REMEDIES)[number];

export type StuckCount = Readonly<Record<StuckCategory, number>>;

/** What stored verdicts count to; `unread`: of runs whose checkpoint nobody has looked at since they ended. */
export type StoredCount = Readonly<Record<RecoveryVerdict | "unread", number>>;

/** Why a threshold as short as this needs to be meant; null: it is long enough. */
export function shortThreshold(thresholdMs: number): string | null {
  if (thresholdMs >= SHORTEST_SAFE_AGE_MS) return null;
  return `a threshold of ${duration(thresholdMs)} is dangerous: a run that is merely slow, or that has not written its first checkpoint yet, looks dead at that age. Expected at least ${duration(SHORTEST_SAFE_AGE_MS)}; repeat with allowShort: true if it is meant`;
}

/** Since it started, or was asked for if it never did, by the wall clock. */
export function ageOf(run: Pick<Run, "startedAt" | "queuedAt">, now: number): number {
  return Math.max(0, now - (run.startedAt ?? run.queuedAt));
}

/** Of an active run; null: it is doing what it should. `verdict` is only asked for where it decides. */
export function categoryOfActive(
  run: Run,
  health: Health | null,
  verdict: () => RecoveryVerdict,
): StuckCategory | null {
  if (run.state === "queued") return "waiting";
  switch (health) {
    case "orphaned":
      return "orphaned";
    case "stuck":
    case "overdue":
      return verdict();
    default:
      return null;
  }
}

/**
 * Of a run that is over; null: it is no longer stuck. A failed or timed-out one with nothing to go on from is simply over: its state
 * already says so.
 */
export function categoryOfEnded(
  run: Pick<Run, "state" | "unsettled">,
  verdict: RecoveryVerdict,
): StuckCategory | null {
  if (!run.unsettled) return null;
  return run.state === "interrupted" || verdict === "resumable" ? verdict : null;
}

/** What stored verdicts say once these rows have been read afresh. */
export function recount(
  stored: StoredCount,
  read: readonly { readonly before: RecoveryVerdict | null; readonly category: StuckCategory | null }[],
  active: readonly StuckCategory[],
): StuckCount {
  const counts = { ...stored, orphaned: 0, waiting: 0 };
  for (const { before, category } of read) {
    const from = before ?? "unread";
    counts[from] = Math.max(0, counts[from] - 1);
    if (category !== null) counts[category] += 1;
  }
  for (const category of active) counts[category] += 1;
  const { unread, ...known } = counts;
  return { ...known, unknown: known.unknown + unread };
}

/**
 * What can be done about a run, in the order in which it makes sense.
 * @param isNewest of its job, which is the only one that is gone on from
 */
export function remediesFor(
  run: Pick<Run, "state">,
  category: StuckCategory,
  isNewest: boolean,
): readonly StuckRemedy[] {
  if (isActive(run.state)) return ["stop"];
  // A resumable run is cleaned only when it is ticked by hand, and failed ones cannot be cleaned at all.
  const clean: StuckRemedy[] = run.state === "interrupted" ? ["clean"] : [];
  if (!isNewest) return clean;
  switch (category) {
    case "resumable":
      return ["resume", ...clean];
    case "unknown":
      return ["start", "resume", ...clean];
    default:
      return ["start", ...clean];
  }
}

type Said = {
  readonly category: StuckCategory;
  readonly health: Health | null;
  readonly isNewest: boolean;
  readonly now: number;
};

/** What is the matter, and what can be done. */
export function stuckSentence(run: Run, recovery: Pick<Recovery, "sentence"> | null, said: Said): string {
  const age = duration(ageOf(run, said.now));
  const left = recovery === null ? "" : ` ${recovery.sentence}`;
  if (run.state === "queued")
    return `Has waited for ${age}${run.waitingFor === null ? " for its turn to start" : ` for ${run.waitingFor}`}.`;
  if (said.category === "orphaned")
    return `Is called ${run.state}, but its process is not there. Unstuck is finding out how it ended.`;
  if (isActive(run.state)) return `${liveTrouble(run, said.health, age)}${left} Stop it first.`;
  return `Ended ${run.state.replace("_", " ")}, begun ${age} ago.${left} ${said.isNewest ? ADVICE[said.category] : SUPERSEDED}`;
}

function liveTrouble(run: Run, health: Health | null, age: string): string {
  return health === "overdue"
    ? `Has been ${run.state} for longer than it may take.`
    : `Alive for ${age} without a sign of life for longer than it may be silent.`;
}

const SUPERSEDED = "A newer run of its job is there: only that one can be gone on from.";

const ADVICE = {
  resumable: "Resume it.",
  dead: "Start the job anew, or clean this run up.",
  complete: "Nothing is left to do: clean this run up, or start the job anew.",
  unknown: "Look at it, then resume it, start anew or clean it up.",
  orphaned: "",
  waiting: "",
} as const satisfies Record<StuckCategory, string>;
