import type { KindOutcome } from "@/lib/domain/exit";
import type { Files } from "@/lib/domain/files";
import type { RunSpec } from "@/lib/domain/job";
import type { ProgressReport } from "@/lib/domain/progress";
import type { CheckpointFacts } from "@/lib/domain/recovery";

/** What a kind finds out about a program that has exited. */
export type KindEnd = {
  /** null: it cannot tell, and the exit code counts. */
  readonly outcome: KindOutcome | null;
  /** A sentence that names the evidence; null: there is nothing to say. */
  readonly reason: string | null;
  readonly report: ProgressReport | null;
};

/** Something a program waits for by itself while it gives no sign of life. */
export type KindWait = {
  /** Epoch milliseconds. */
  readonly until: number;
  /** In words, after "waits for". */
  readonly what: string;
};

/** Where a run's state is to live, as far as the job does not say. */
export type Place = {
  /** Absolute; of this lineage alone. It need not exist. */
  readonly lineageFolder: string;
  /** The run this one goes on from; null: it starts from the beginning. */
  readonly parent: Pick<RunSpec, "kind" | "cwd" | "checkpoint"> | null;
};

/** A kind is data and a few functions that read, by `files`, what may hang; nothing here starts, signals or writes. */
export type Kind = {
  /** The run as it will be launched: its command line, environment and checkpoint. */
  prepare(spec: RunSpec, place: Place): RunSpec;
  /** May throw what `files` throws. */
  readCheckpoint(files: Files, cwd: string, checkpoint: string): Promise<CheckpointFacts>;
  /** May throw what `files` throws. @param tail the last part of its log */
  readEnd(files: Files, spec: RunSpec, tail: string): Promise<KindEnd>;
  /** What its files say of its progress while it runs; cheap enough to be asked every half minute. */
  readProgress(files: Files, spec: RunSpec): Promise<ProgressReport | null>;
  /**
   * What a run that goes on from another waits for; null: nothing that is known. May throw what `files` throws.
   * @param startedAt and `now`: epoch milliseconds
   */
  readWait(files: Files, spec: RunSpec, startedAt: number, now: number): Promise<KindWait | null>;
  /** A line in the log that tells progress: what it holds, and how it is read. */
  readonly progressLine: {
    readonly mark: string;
    read(line: string): ProgressReport | null;
  } | null;
};
