import { duration, type Health } from "./health";
import { isActive, type Run } from "./run";
import { ageOf } from "./stuck";
import { unreachable } from "./unreachable";
import type { RecoveryVerdict } from "./verdict";

/** May this job be started now, and how? */
export const PRECHECKS = ["start", "wait", "resume", "cleanup"] as const;
export type Precheck = (typeof PRECHECKS)[number];

export type PrecheckVerdict = {
  readonly precheck: Precheck;
  readonly run: Run | null;
  readonly reason: string;
};

export type Newest = {
  readonly run: Run;
  readonly health: Health | null;
  readonly recovery: RecoveryVerdict;
  /** What its recovery says in words, and what a resume would start from; null: nothing. */
  readonly sentence: string;
  readonly resumeFrom: string | null;
  /** The folder in which alone it can be resumed; null: the one a new run works in anyway. */
  readonly oldFolder: string | null;
};

/** `thresholdMs`: from what age a dead run is cleaned before the next one starts. `now`: epoch milliseconds. */
export type PrecheckTerms = { readonly now: number; readonly thresholdMs: number };

/**
 * The pre-start check. It reads; it changes nothing and anyone may ask.
 * @param newest the job's newest run with what is known of it; null: the job never ran
 * @param outside why a start would be refused because of a process that no run of the job has started; null: nothing of the kind
 */
export function precheck(
  newest: Newest | null,
  terms: PrecheckTerms,
  outside: string | null = null,
): PrecheckVerdict {
  if (newest !== null && isActive(newest.run.state))
    return checkActive(newest, newest.health ?? "healthy", terms);
  if (outside !== null) return { precheck: "wait", run: newest?.run ?? null, reason: outside };
  return newest === null
    ? { precheck: "start", run: null, reason: "It never ran." }
    : checkEnded(newest, terms);
}

function checkActive(newest: Newest, health: Health, terms: PrecheckTerms): PrecheckVerdict {
  const { run, recovery } = newest;
  const wait = (why: string): PrecheckVerdict => ({ precheck: "wait", run, reason: `${run.id} is ${why}` });
  switch (health) {
    case "healthy":
    case "late":
    case "silent":
    case "overdue":
      return wait(`${run.state} and ${health}.`);
    case "stuck":
      // Its process lives: nothing is started beside it, and nothing that lives is cleaned.
      return wait(`stuck, and its process is alive. Stop it first; ${AFTERWARDS[recovery]}`);
    case "orphaned":
      // A start looks for the process first. What is really gone has been interrupted, and is gone on from as such.
      return { ...checkEnded(newest, terms, `${run.id} is orphaned (its process is not there)`, true), run };
    default:
      return unreachable(health);
  }
}

const AFTERWARDS = {
  resumable: "its work is kept.",
  dead: "it has left nothing to resume from yet.",
  complete: "its checkpoint says the work is finished.",
  unknown: "whether its work can be resumed cannot be told.",
} as const satisfies Record<RecoveryVerdict, string>;

function checkEnded(
  { run, recovery, sentence, resumeFrom, oldFolder }: Newest,
  { now, thresholdMs }: PrecheckTerms,
  ended = `${run.id} ended ${run.state}`,
  interrupted = run.state === "interrupted" && run.unsettled,
): PrecheckVerdict {
  const answer = (precheck: Precheck, reason: string) => ({ precheck, run, reason });
  // A completed run's checkpoint is history, and what was cleaned was decided on.
  if (!interrupted && !run.unsettled && run.state !== "stopped")
    return answer("start", `${run.id} is over (${run.state}).`);
  switch (recovery) {
    case "resumable":
      return answer(
        "resume",
        resumeFrom === null ? `${ended}. ${sentence}` : `${ended}. It can be resumed from ${resumeFrom}.`,
      );
    case "unknown":
      if (oldFolder !== null)
        return answer(
          "start",
          `${ended}. ${sentence} Resume it in the old folder, or start over in the new one; nothing is deleted.`,
        );
      return answer(
        "start",
        `${ended}, and whether its work can be resumed cannot be told: a start begins a new lineage and deletes nothing.`,
      );
    case "complete":
      return answer("start", `${ended}, and its checkpoint says the work is finished.`);
    case "dead": {
      const age = ageOf(run, now);
      if (!interrupted || age <= thresholdMs)
        return answer("start", `${ended}, and there is nothing to resume from.`);
      return answer(
        "cleanup",
        `${ended}, there is nothing to resume from, and it is ${duration(age)} old (threshold ${duration(thresholdMs)}): it is cleaned up before the start.`,
      );
    }
    default:
      return unreachable(recovery);
  }
}
