import { duration, type Health } from "./health";
import { SHORTEST_SAFE_AGE_MS } from "./plan";
import type { Recovery } from "./recovery";
import { SUPERSEDED } from "./resume";
import { isActive, type Run } from "./run";
import type { RecoveryVerdict } from "./verdict";

/** What the list of stuck runs sorts them into. */
export const STUCK_CATEGORIES = [
  "resumable",
  "dead",
  "complete",
  "unknown",
  "hung",
  "orphaned",
  "waiting",
  "superseded",
] as const;
export type StuckCategory = (typeof STUCK_CATEGORIES)[number];

/** What can be done about one. `start_again`: in its lineage, without a checkpoint. `start`: from the beginning. */
export const STUCK_REMEDIES = ["resume", "start_again", "clean", "stop", "start"] as const;
export type StuckRemedy = (typeof STUCK_REMEDIES)[number];

export type StuckCount = Readonly<Record<StuckCategory, number>>;

/**
 * What stored verdicts count to; `unread`: of runs whose checkpoint was not read since they ended; `superseded`: of those
 * a newer run of their job stands before, whatever their verdict.
 */
export type StoredKey = RecoveryVerdict | "unread" | "superseded";
export type StoredCount = Readonly<Record<StoredKey, number>>;

/** Why a threshold as short as this needs to be meant; null: it is long enough. */
export function shortThreshold(thresholdMs: number): string | null {
  if (thresholdMs >= SHORTEST_SAFE_AGE_MS) return null;
  return `a threshold of ${duration(thresholdMs)} is dangerous: a run that is merely slow, or that has not written its first checkpoint yet, looks dead at that age. Expected at least ${duration(SHORTEST_SAFE_AGE_MS)}; repeat with allowShort: true if it is meant`;
}

/** Since it started, or was asked for if it never did, by the wall clock. */
export function ageOf(run: Pick<Run, "startedAt" | "queuedAt">, now: number): number {
  return Math.max(0, now - (run.startedAt ?? run.queuedAt));
}

/** Of an active run; null: it is doing what it should. What lives is never called dead. */
export function categoryOfActive(run: Pick<Run, "state">, health: Health | null): StuckCategory | null {
  if (run.state === "queued") return "waiting";
  switch (health) {
    case "orphaned":
      return "orphaned";
    case "stuck":
    case "overdue":
      return "hung";
    default:
      return null;
  }
}

/**
 * Of a run that is over; null: it is no longer stuck. A failed or timed-out one with nothing to go on from is simply over: its state
 * already says so. One that a newer run of its job stands before counts as superseded and as nothing else.
 */
export function categoryOfEnded(
  run: Pick<Run, "state" | "unsettled">,
  verdict: RecoveryVerdict,
  isNewest: boolean,
): StuckCategory | null {
  if (!run.unsettled || (run.state !== "interrupted" && verdict !== "resumable")) return null;
  return isNewest ? verdict : "superseded";
}

/** What stored verdicts say once these rows have been read afresh. */
export function recount(
  stored: StoredCount,
  read: readonly { readonly before: StoredKey; readonly category: StuckCategory | null }[],
  active: readonly StuckCategory[],
): StuckCount {
  const counts = { ...stored, hung: 0, orphaned: 0, waiting: 0 };
  for (const { before, category } of read) {
    counts[before] = Math.max(0, counts[before] - 1);
    if (category !== null) counts[category] += 1;
  }
  for (const category of active) counts[category] += 1;
  const { unread, ...known } = counts;
  return { ...known, unknown: known.unknown + unread };
}

/**
 * What can be done about a run, in the order in which it makes sense.
 * @param isNewest of its job, which is the only one that is resumed
 * @param resumeFrom what a resume would start from: without it a resumable run can only be started again
 */
export function remediesFor(
  run: Pick<Run, "state">,
  category: StuckCategory,
  isNewest: boolean,
  resumeFrom: string | null = null,
): readonly StuckRemedy[] {
  if (isActive(run.state)) return ["stop"];
  // A resumable run is cleaned only when it is selected by hand, and failed ones cannot be cleaned at all.
  const clean: StuckRemedy[] = run.state === "interrupted" ? ["clean"] : [];
  if (!isNewest) return clean;
  switch (category) {
    case "resumable":
      return [resumeFrom === null ? "start_again" : "resume", ...clean];
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
export function stuckSentence(
  run: Run,
  recovery: Pick<Recovery, "sentence" | "resumeFrom"> | null,
  said: Said,
): string {
  const age = duration(ageOf(run, said.now));
  if (run.state === "queued")
    return `Has waited for ${age}${run.waitingFor === null ? " for its turn to start" : ` for ${run.waitingFor}`}.`;
  if (said.category === "orphaned")
    return `Is called ${run.state}, but its process is not there. Unstuck is finding out how it ended.`;
  if (isActive(run.state))
    return `${liveTrouble(run, said.health, age)} Stop it first${afterwards(recovery)}.`;
  const ended = `Ended ${run.state.replace("_", " ")}, started ${age} ago.`;
  if (!said.isNewest) return `${ended} ${SUPERSEDED}`;
  const left = recovery === null ? "" : ` ${recovery.sentence}`;
  const startsAgain = said.category === "resumable" && recovery?.resumeFrom === null;
  return `${ended}${left} ${startsAgain ? "Start it again." : ADVICE[said.category]}`;
}

function afterwards(recovery: Pick<Recovery, "resumeFrom"> | null): string {
  const from = recovery?.resumeFrom ?? null;
  return from === null ? "" : `; it can be resumed then, from ${from}`;
}

function liveTrouble(run: Run, health: Health | null, age: string): string {
  return health === "overdue"
    ? `Has been ${run.state} for longer than it may take.`
    : `Alive for ${age} without a sign of life for longer than it may be silent.`;
}

const ADVICE = {
  resumable: "Resume it.",
  dead: "Start the job over, or clean this run up.",
  complete: "Nothing is left to do: clean this run up, or start the job over.",
  unknown: "Look at it, then resume it, start over or clean it up.",
  hung: "",
  orphaned: "",
  waiting: "",
  superseded: "",
} as const satisfies Record<StuckCategory, string>;
