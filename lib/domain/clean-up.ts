import { AppError } from "./errors";
import { duration, type Fact, type Health } from "./health";
import { type PlanAction, type PlanItem, SHORTEST_SAFE_AGE_MS } from "./plan";
import type { Recovery } from "./recovery";
import { type FinalState, isActive, type Run } from "./run";
import type { RecoveryVerdict } from "./verdict";

/** A run a clean-up might touch, as it was found. */
export type CleanUpCandidate = {
  readonly run: Run;
  readonly health: Health | null;
  /** null: not checked. Of a run that is over it says nothing. */
  readonly processAlive: boolean | null;
  readonly recovery: Pick<Recovery, "verdict" | "sentence">;
  /** Someone ticked exactly this run. */
  readonly ticked: boolean;
};

export type Choice = { readonly action: PlanAction; readonly why: string };

/** What a clean-up will do to a run, and why, in one sentence. Only what is proven over and still needs a decision is cleaned. */
export function chooseCleanUp(candidate: CleanUpCandidate): Choice {
  const { recovery, ticked } = candidate;
  const obstacle = obstacleOf(candidate);
  if (obstacle !== null) return keep(obstacle);
  if (recovery.verdict === "dead") return clean(recovery.sentence);
  if (ticked) return clean(`Selected by hand. ${recovery.sentence}`);
  return keep(`${WHY_KEPT[recovery.verdict]} ${recovery.sentence}`);
}

const WHY_KEPT = {
  dead: "",
  resumable: "It can be resumed, so it is cleaned only when selected by hand.",
  complete: "Its work seems to be finished, so it is cleaned only when selected by hand.",
  unknown: "Whether it can be resumed is not known, so it is cleaned only when selected by hand.",
} as const satisfies Record<RecoveryVerdict, string>;

/** Why it can never be cleaned; null: nothing is in the way. */
function obstacleOf({ run, processAlive }: CleanUpCandidate): string | null {
  if (run.state === "queued") return "It waits for its turn and has no process: there is nothing to clean.";
  if (isActive(run.state)) {
    if (processAlive === true) return "It is alive: stop it first.";
    return processAlive === null ? "Whether it is alive is not known yet: look again in a moment." : null;
  }
  if (run.state !== "interrupted") return OVER[run.state];
  return run.unsettled ? null : "It was settled already: a newer run of its job was started.";
}

const OVER = {
  completed: "It completed: there is nothing to clean.",
  failed: "It failed, which already says how it ended: there is nothing to clean.",
  stopped: "It was stopped on purpose: there is nothing to clean.",
  timed_out: "It timed out, which already says how it ended: there is nothing to clean.",
  cleaned: "It was cleaned already.",
} as const satisfies Record<Exclude<FinalState, "interrupted">, string>;

/** What was found when the plan is carried out. */
export type Recheck = {
  /** null: it was deleted. */
  readonly run: Run | null;
  readonly recovery: Recovery | null;
};

export type Rechecked =
  | { readonly ok: true; readonly reason: string; readonly evidence: readonly Fact[] }
  | { readonly ok: false; readonly detail: string };

/** Is a run still what it was when its clean-up was planned? Whatever changed meanwhile, it is left alone. */
export function recheckCleanUp(item: PlanItem, { run, recovery }: Recheck): Rechecked {
  if (run === null || recovery === null) return changed("It was deleted meanwhile.");
  if (isActive(run.state)) return changed(`It is ${run.state}: what is not proven gone is not cleaned.`);
  if (run.state !== "interrupted") return changed(`It is ${run.state} now.`);
  if (!run.unsettled) return changed("It was settled meanwhile: a newer run of its job was started.");
  // What was active when it was planned has ended since: that is what made it a case for cleaning at all.
  if (!isActive(item.runState) && run.version !== item.runVersion)
    return changed("It was changed since the plan was made.");
  if (recovery.verdict !== item.verdict)
    return changed(`It was ${item.verdict} and is ${recovery.verdict} now. ${recovery.sentence}`);
  if (writtenAt(recovery.evidence) !== writtenAt(item.evidence))
    return changed("It made progress: its checkpoint was written since the plan was made.");
  return { ok: true, reason: cleanedReason(recovery.sentence), evidence: recovery.evidence };
}

/** The words by which clean-ups have always been found. */
export function cleanedReason(sentence: string): string {
  return `Timeout – Auto-cleaned: ${sentence}`;
}

function writtenAt(evidence: readonly Fact[]): number | null {
  return evidence.find(({ fact }) => fact === "checkpoint")?.at ?? null;
}

/** @throws AppError INVALID_INPUT for a threshold that needs to be meant */
export function checkAge(ageMs: number, allowShort: boolean): void {
  if (ageMs >= SHORTEST_SAFE_AGE_MS || allowShort) return;
  const asked = duration(ageMs);
  const safe = duration(SHORTEST_SAFE_AGE_MS);
  throw new AppError(
    "INVALID_INPUT",
    `A threshold of ${asked} is dangerous: a run that is merely slow, or that has not written its first checkpoint yet, looks dead at that age. Expected at least ${safe}; repeat with allowShort: true if it is meant.`,
    { ageMs, shortestSafeAgeMs: SHORTEST_SAFE_AGE_MS, needs: "allowShort" },
  );
}

function keep(why: string): Choice {
  return { action: "keep", why };
}

function clean(why: string): Choice {
  return { action: "clean", why };
}

function changed(detail: string): Rechecked {
  return { ok: false, detail };
}
