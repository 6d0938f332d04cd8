import { resolve } from "node:path";
import { type Files, isNotAnswering, unansweredWords } from "@/lib/domain/files";
import type { JobKind } from "@/lib/domain/job";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import type { StatePlace } from "@/lib/domain/state-place";
import { kindOf } from "./kinds";
import { failedWith } from "./parse";

/**
 * What there is to go on from where a new run would look; where that is nothing, whether the run has left something in the folder it
 * really worked in. Never throws: what cannot be read is a finding.
 */
export async function readStateOf(files: Files, place: StatePlace): Promise<CheckpointFacts> {
  const { kind, cwd, checkpoint, left } = place;
  const here = await readCheckpoint(files, cwd, checkpoint, kind);
  if (checkpoint === null || left === null || (here.found !== "none" && here.found !== "empty")) return here;
  const path = resolve(cwd, checkpoint);
  if (path === resolve(left.cwd, left.checkpoint)) return here;
  const there = await readCheckpoint(files, left.cwd, left.checkpoint, kind);
  switch (there.found) {
    case "none":
    case "empty":
    case "elsewhere":
      return here;
    case "complete":
      return there;
    default:
      return {
        found: "elsewhere",
        path,
        oldFolder: left.cwd,
        newFolder: await realFolder(files, cwd),
        there,
      };
  }
}

/** @returns null: there is none, or it is not ours to see, or does not answer */
async function realFolder(files: Files, cwd: string): Promise<string | null> {
  try {
    return await files.real(cwd);
  } catch {
    return null;
  }
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
