import { duration, type Fact } from "./health";
import type { Progress } from "./run";
import type { RecoveryVerdict } from "./verdict";

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
      /** Where in the work it stands, in few words: `page 131`; null or absent: it does not tell. */
      readonly place?: string | null;
    }
  | {
      readonly found: "complete";
      readonly path: string;
      readonly modifiedAt: number;
      readonly summary?: string;
    }
  /** There is something that looks like work to go on with, and going on would lose some of it. */
  | (Doubtful & { readonly found: "degraded" })
  /** There is something in a form that the kind does not know. */
  | (Doubtful & { readonly found: "unknown" })
  | { readonly found: "unreadable"; readonly path: string; readonly problem: string }
  /** The disk or server it lies on does not answer, so nothing is known of it. `problem` as after "The checkpoint". */
  | { readonly found: "unanswered"; readonly path: string; readonly problem: string };

/** What there is to go on from, where a new run would look and where the run has left it. */
export type StateFacts = CheckpointFacts | Elsewhere;

/** Something in the folder that the run really worked in, and nothing, or something else, where a new run would look. */
export type Elsewhere = {
  readonly found: "elsewhere";
  readonly path: string;
  readonly here: CheckpointFacts;
  /** The folder it worked in, with links followed. */
  readonly oldFolder: string;
  /** The one a new run would work in, with links followed; null: there is none. */
  readonly newFolder: string | null;
  readonly there: CheckpointFacts;
};

type Doubtful = {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly summary: string;
  /** In words, without the full stop. */
  readonly problem: string;
};

/** What else the evidence names where it is known. */
export type RecoveryContext = {
  /** Epoch milliseconds; null: it never gave a sign of life. */
  readonly lastLifeAt?: number | null;
  /** The age from which a dead run may be cleaned. */
  readonly thresholdMs?: number;
};

export type Recovery = {
  readonly verdict: RecoveryVerdict;
  readonly sentence: string;
  /** What a resume would start from: `checkpoint state.json, page 131`; null: there is nothing. */
  readonly resumeFrom: string | null;
  /** The folder in which alone it can be resumed; null: the one a new run works in anyway. */
  readonly oldFolder: string | null;
  readonly evidence: readonly Fact[];
};

/**
 * Resumable: a checkpoint with data, or any progress. Dead: neither. A checkpoint that cannot be read, or that cannot be gone on from
 * without losing something, is `unknown`, never dead, because dead things get cleaned.
 * @param now epoch milliseconds
 */
export function judgeRecovery(
  checkpoint: StateFacts,
  progress: Progress | null,
  now: number,
  context: RecoveryContext = {},
): Recovery {
  const done = (progress?.extracted ?? 0) + (progress?.skipped ?? 0);
  const evidence = [
    ...checkpointFacts(checkpoint, now),
    progressFact(progress),
    ...contextFacts(context, now),
  ];
  const oldFolder = checkpoint.found === "elsewhere" ? checkpoint.oldFolder : null;
  return { ...judge(checkpoint, done), oldFolder, evidence };
}

function judge(checkpoint: StateFacts, done: number): Omit<Recovery, "evidence" | "oldFolder"> {
  switch (checkpoint.found) {
    case "complete": {
      const says = checkpoint.summary === undefined ? "" : ` (${checkpoint.summary})`;
      const sentence = `The checkpoint says the work is finished${says}; a start runs from the beginning.`;
      return { verdict: "complete", sentence, resumeFrom: null };
    }
    case "unreadable": {
      const sentence = `The checkpoint cannot be read: ${checkpoint.problem}.`;
      return {
        verdict: "unknown",
        sentence,
        resumeFrom: `${named(checkpoint.path)}, which cannot be read here`,
      };
    }
    case "degraded": {
      const sentence = `The checkpoint is damaged: ${checkpoint.problem}.`;
      return { verdict: "unknown", sentence, resumeFrom: `${named(checkpoint.path)}, which is damaged` };
    }
    case "unanswered": {
      const sentence = `The checkpoint ${checkpoint.problem}, so what is left of its work is not known.`;
      return {
        verdict: "unknown",
        sentence,
        resumeFrom: `${named(checkpoint.path)}, which does not answer`,
      };
    }
    case "unknown": {
      const sentence = `Whether it can be resumed is not known: ${checkpoint.problem}. What is there is left alone.`;
      return {
        verdict: "unknown",
        sentence,
        resumeFrom: `${named(checkpoint.path)}, of a form not known here`,
      };
    }
    case "elsewhere": {
      const { path, oldFolder, newFolder } = checkpoint;
      const now = newFolder === null ? "which is gone" : `which is ${newFolder} now`;
      const sentence = isNothing(checkpoint.here)
        ? `Its ${named(path)} is only in the folder it worked in, ${oldFolder}. A new run would look in the job's folder, ${now}.`
        : `Its ${named(path)} is in the folder it worked in, ${oldFolder}. A new run would find another one in the job's folder, ${now}.`;
      return {
        verdict: "unknown",
        sentence,
        resumeFrom: `${named(path)} in the old folder ${oldFolder}`,
      };
    }
    case "data": {
      const { bytes, summary, place } = checkpoint;
      const what = summary === null ? `${grouped(bytes)} bytes` : `${grouped(bytes)} bytes (${summary})`;
      const resumeFrom = [named(checkpoint.path), place].filter((part) => part != null).join(", ");
      return {
        verdict: "resumable",
        sentence: `A checkpoint with ${what} is there to resume from.`,
        resumeFrom,
      };
    }
    default:
      return done > 0
        ? { verdict: "resumable", sentence: startsAgain(checkpoint, done), resumeFrom: null }
        : { verdict: "dead", sentence: NOTHING_LEFT, resumeFrom: null };
  }
}

/** Whether a new run would begin from the beginning. */
export function isNothing({ found }: CheckpointFacts): boolean {
  return found === "none" || found === "empty";
}

const NOTHING_LEFT = "No checkpoint with data and no progress: there is nothing to resume from.";

/** Its work is kept, and yet nothing here can lead the next run to where it stopped. */
function startsAgain(checkpoint: CheckpointFacts & { found: "none" | "empty" }, done: number): string {
  const lacks =
    checkpoint.path === null
      ? "No checkpoint is named"
      : `Its ${named(checkpoint.path)} ${checkpoint.found === "empty" ? "is empty" : "is not there"}`;
  return `It had done ${grouped(done)}. ${lacks}, so a new run starts from the beginning unless the program keeps its own place.`;
}

/** By its last name: the whole path is in the evidence. */
function named(path: string): string {
  return `checkpoint ${path.split("/").filter(Boolean).at(-1) ?? path}`;
}

function checkpointFacts(checkpoint: StateFacts, now: number): Fact[] {
  if (checkpoint.found !== "elsewhere") return [checkpointFact(checkpoint, now)];
  const { newFolder, here, there } = checkpoint;
  const leads = newFolder === null ? "" : ` (the job's folder is ${newFolder} now)`;
  const inNewFolder = checkpointFact(here, now);
  return [
    { ...inNewFolder, value: `${inNewFolder.value}${leads}` },
    { ...checkpointFact(there, now), fact: "checkpoint in the old folder" },
  ];
}

function checkpointFact(checkpoint: CheckpointFacts, now: number): Fact {
  const { found, path } = checkpoint;
  const fact = (value: string, at: number | null = null): Fact => ({ fact: "checkpoint", value, at });
  switch (found) {
    case "none":
      return fact(path === null ? "none configured" : `not there: ${path}`);
    case "unreadable":
      return fact(`${path}: ${checkpoint.problem}`);
    case "unanswered":
      return fact(`${path} ${checkpoint.problem}`);
    default: {
      const { modifiedAt } = checkpoint;
      return fact(`${path}: ${contentOf(checkpoint)}, written ${age(now - modifiedAt)}`, modifiedAt);
    }
  }
}

type Content = Exclude<CheckpointFacts, { found: "none" | "unreadable" | "unanswered" }>;

function contentOf(checkpoint: Content): string {
  switch (checkpoint.found) {
    case "empty":
      return "empty";
    case "complete":
      return checkpoint.summary === undefined ? "complete" : `complete, ${checkpoint.summary}`;
    default: {
      const size = `${grouped(checkpoint.bytes)} bytes`;
      return checkpoint.summary === null ? size : `${checkpoint.summary}, ${size}`;
    }
  }
}

function contextFacts({ lastLifeAt, thresholdMs }: RecoveryContext, now: number): Fact[] {
  const facts: Fact[] = [];
  if (lastLifeAt === null) facts.push({ fact: "last sign of life", value: "none", at: null });
  else if (lastLifeAt !== undefined)
    facts.push({ fact: "last sign of life", value: age(now - lastLifeAt), at: lastLifeAt });
  if (thresholdMs !== undefined)
    facts.push({ fact: "may be cleaned after", value: duration(thresholdMs), at: null });
  return facts;
}

/** A clock that was set back must not make anything be of the future. */
function age(ms: number): string {
  return `${duration(Math.max(0, ms))} ago`;
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
