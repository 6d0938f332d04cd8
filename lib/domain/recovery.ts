import { duration, type Fact } from "./health";
import type { Progress } from "./run";

/** Can the lineage of this run go on? */
export const RECOVERY_VERDICTS = ["resumable", "dead", "complete", "unknown"] as const;
export type RecoveryVerdict = (typeof RECOVERY_VERDICTS)[number];

/** What a kind's reader found where the job keeps its checkpoint. */
export type CheckpointFacts =
  | { readonly found: "none"; readonly path: string | null }
  | { readonly found: "empty"; readonly path: string; readonly modifiedAt: number }
  | {
      readonly found: "data";
      readonly path: string;
      readonly bytes: number;
      readonly modifiedAt: number;
      readonly summary: string | null;
    }
  | { readonly found: "complete"; readonly path: string; readonly modifiedAt: number }
  | { readonly found: "unreadable"; readonly path: string; readonly problem: string };

export type Recovery = {
  readonly verdict: RecoveryVerdict;
  readonly sentence: string;
  readonly evidence: readonly Fact[];
};

/**
 * Resumable: a checkpoint with data, or any progress. Dead: neither. A checkpoint that cannot be read is `unknown`, never
 * dead, because dead things get cleaned.
 * @param now epoch milliseconds
 */
export function judgeRecovery(checkpoint: CheckpointFacts, progress: Progress | null, now: number): Recovery {
  const done = (progress?.extracted ?? 0) + (progress?.skipped ?? 0);
  const evidence = [checkpointFact(checkpoint, now), progressFact(progress)];
  if (checkpoint.found === "complete") {
    return {
      verdict: "complete",
      sentence: "The checkpoint says the work is finished; a start begins anew.",
      evidence,
    };
  }
  if (checkpoint.found === "unreadable") {
    return {
      verdict: "unknown",
      sentence: `The checkpoint cannot be read: ${checkpoint.problem}.`,
      evidence,
    };
  }
  if (checkpoint.found === "data") {
    return {
      verdict: "resumable",
      sentence: `A checkpoint with ${checkpoint.bytes} bytes is there to go on from.`,
      evidence,
    };
  }
  if (done > 0) {
    return {
      verdict: "resumable",
      sentence: `It had made progress (${done} done), so its work is kept.`,
      evidence,
    };
  }
  return {
    verdict: "dead",
    sentence: "No checkpoint with data and no progress: there is nothing to go on from.",
    evidence,
  };
}

function checkpointFact(checkpoint: CheckpointFacts, now: number): Fact {
  switch (checkpoint.found) {
    case "none":
      return {
        fact: "checkpoint",
        value: checkpoint.path === null ? "the job names none" : `not there: ${checkpoint.path}`,
        at: null,
      };
    case "unreadable":
      return { fact: "checkpoint", value: `${checkpoint.path}: ${checkpoint.problem}`, at: null };
    case "data": {
      const what = checkpoint.summary ?? `${checkpoint.bytes} bytes`;
      const value = `${checkpoint.path}: ${what}, written ${duration(now - checkpoint.modifiedAt)} ago`;
      return { fact: "checkpoint", value, at: checkpoint.modifiedAt };
    }
    default:
      return {
        fact: "checkpoint",
        value: `${checkpoint.path}: ${checkpoint.found}`,
        at: checkpoint.modifiedAt,
      };
  }
}

const grouped = (count: number) => count.toLocaleString("en");

function progressFact(progress: Progress | null): Fact {
  if (progress === null) return { fact: "progress", value: "none reported", at: null };
  const { extracted, skipped, total } = progress;
  return {
    fact: "progress",
    value: `${grouped(extracted ?? 0)} extracted, ${grouped(skipped ?? 0)} skipped${total === null ? "" : `, of ${grouped(total)}`}`,
    at: null,
  };
}
