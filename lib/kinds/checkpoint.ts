import { existsSync, renameSync } from "node:fs";
import { resolve, sep } from "node:path";
import type { JobKind, RunSpec } from "@/lib/domain/job";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import { failedWith } from "./bounded";
import { isGlob, matchGlob } from "./command/glob";
import { kindOf } from "./kinds";

/** More than these are not set aside by hand one by one. */
const MAX_SET_ASIDE = 20_000;

/** What a run has left, where it keeps its state. Never throws: what cannot be read is a finding. */
export function readStateOf({ kind, cwd, checkpoint }: Pick<RunSpec, "kind" | "cwd" | "checkpoint">) {
  return readCheckpoint(cwd, checkpoint, kind);
}

/**
 * The state a start of this job would go on from: where the newest run of the kind kept it, which for Scrapy and Crawlee is a
 * folder of its lineage, and else where the job says.
 */
export function readStateFor(
  job: Pick<RunSpec, "kind" | "cwd" | "checkpoint">,
  newest: Pick<RunSpec, "kind" | "cwd" | "checkpoint">,
): CheckpointFacts {
  return readStateOf(job.kind !== "command" && job.kind === newest.kind ? newest : job);
}

/** Looks at a checkpoint the way its kind reads it. Never throws: what cannot be read is a finding. */
export function readCheckpoint(
  cwd: string,
  checkpoint: string | null,
  kind: JobKind = "command",
): CheckpointFacts {
  if (checkpoint === null) return { found: "none", path: null };
  const path = resolve(cwd, checkpoint);
  try {
    return kindOf(kind).readCheckpoint(cwd, checkpoint);
  } catch (error) {
    if (failedWith(error, "ENOENT")) return { found: "none", path };
    return { found: "unreadable", path, problem: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Makes room for a fresh start: what is there is kept beside it under the new run's name, each file of a pattern by itself.
 * @throws when not everything can be set aside: a start must not mix the old state with the new
 */
export function moveCheckpointAside(cwd: string, checkpoint: string | null, runId: string): void {
  if (checkpoint === null) return;
  const path = resolve(cwd, checkpoint);
  const paths = existsSync(path) || !isGlob(checkpoint) ? [path] : outermost(cwd, checkpoint);
  for (const each of paths) if (existsSync(each)) renameSync(each, `${each}.before-${runId}`);
}

/** A folder that matches takes what matches below it along. */
function outermost(cwd: string, pattern: string): readonly string[] {
  const { paths, whole } = matchGlob(cwd, pattern, MAX_SET_ASIDE);
  if (!whole)
    throw new Error(
      `The checkpoint ${pattern} is spread over too many files to be set aside for a fresh start.`,
    );
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}${sep}`)));
}
