import { resolve, sep } from "node:path";
import { type Files, isNotAnswering, unansweredWords } from "@/lib/domain/files";
import type { JobKind, RunSpec } from "@/lib/domain/job";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import { isGlob } from "./command/glob";
import { kindOf } from "./kinds";
import { failedWith } from "./parse";

/** More than these are not set aside by hand one by one. */
const MAX_SET_ASIDE = 20_000;
/** Renamed in one go, so that each go takes far less time than what does not answer at all. */
const RENAMED_AT_ONCE = 100;

export type StateSpec = Pick<RunSpec, "kind" | "cwd" | "checkpoint">;

/** What a run has left, where it keeps its state. Never throws: what cannot be read is a finding. */
export function readStateOf(files: Files, { kind, cwd, checkpoint }: StateSpec): Promise<CheckpointFacts> {
  return readCheckpoint(files, cwd, checkpoint, kind);
}

/**
 * The state a start of this job would go on from: where the newest run of the kind kept it, which for Scrapy and Crawlee is a
 * folder of its lineage, and else where the job says.
 */
export function stateFor(job: StateSpec, newest: StateSpec): StateSpec {
  return job.kind !== "command" && job.kind === newest.kind ? newest : job;
}

/** Looks at a checkpoint the way its kind reads it. Never throws: what cannot be read is a finding. */
export async function readCheckpoint(
  files: Files,
  cwd: string,
  checkpoint: string | null,
  kind: JobKind = "command",
): Promise<CheckpointFacts> {
  if (checkpoint === null) return { found: "none", path: null };
  const path = resolve(cwd, checkpoint);
  try {
    return await kindOf(kind).readCheckpoint(files, cwd, checkpoint);
  } catch (error) {
    if (isNotAnswering(error)) return { found: "unanswered", path, problem: unansweredWords(error) };
    if (failedWith(error, "ENOENT")) return { found: "none", path };
    return { found: "unreadable", path, problem: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Makes room for a fresh start: what is there is kept beside it under the new run's name, each file of a pattern by itself.
 * @throws when not everything can be set aside: a start must not mix the old state with the new
 */
export async function moveCheckpointAside(
  files: Files,
  cwd: string,
  checkpoint: string | null,
  runId: string,
): Promise<void> {
  if (checkpoint === null) return;
  const path = resolve(cwd, checkpoint);
  const isOne = !isGlob(checkpoint) || (await files.look(path)) !== null;
  const paths = isOne ? [path] : await outermost(files, path);
  for (let from = 0; from < paths.length; from += RENAMED_AT_ONCE)
    await files.rename(
      paths.slice(from, from + RENAMED_AT_ONCE).map((each) => [each, `${each}.before-${runId}`]),
    );
}

/** A folder that matches takes what matches below it along. */
async function outermost(files: Files, pattern: string): Promise<readonly string[]> {
  const { found, whole } = await files.glob(pattern, MAX_SET_ASIDE);
  const paths = found.map(({ path }) => path);
  if (!whole)
    throw new Error(
      `The checkpoint ${pattern} is spread over too many files to be set aside for a fresh start.`,
    );
  // Sorted: what is below one comes after it, but not always right after it.
  const tops = new Set<string>();
  return paths.filter((path) => {
    for (let at = path.lastIndexOf(sep); at > 0; at = path.lastIndexOf(sep, at - 1))
      if (tops.has(path.slice(0, at))) return false;
    tops.add(path);
    return true;
  });
}
