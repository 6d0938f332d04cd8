import { resolve } from "node:path";
import { type Files, isNotAnswering, unansweredWords } from "@/lib/domain/files";
import type { JobKind } from "@/lib/domain/job";
import { type CheckpointFacts, isNothing, type StateFacts } from "@/lib/domain/recovery";
import type { StatePlace } from "@/lib/domain/state-place";
import { isGlob } from "./command/glob";
import { kindOf } from "./kinds";
import { failedWith } from "./parse";

/**
 * What there is to go on from where a new run would look, and whether the run has left something else in the folder it really worked in.
 * Never throws: what cannot be read is a finding.
 */
export async function readStateOf(files: Files, place: StatePlace): Promise<StateFacts> {
  const { kind, cwd, checkpoint, left } = place;
  const here = await readCheckpoint(files, cwd, checkpoint, kind);
  if (checkpoint === null || left === null) return here;
  const [path, leftAt] = [resolve(cwd, checkpoint), resolve(left.cwd, left.checkpoint)];
  if (path === leftAt) return here;
  const newFolder = await realPath(files, cwd);
  if (newFolder !== null && resolve(newFolder, checkpoint) === leftAt) return here;
  const there = await readCheckpoint(files, left.cwd, left.checkpoint, kind);
  if (isNothing(there) || (!isNothing(here) && (await areOne(files, path, leftAt)))) return here;
  // The run's own work, which is finished wherever the next one would look.
  if (there.found === "complete") return there;
  return { found: "elsewhere", path, here, oldFolder: left.cwd, newFolder, there };
}

/** Whether both names lead to one place, as where each release has a link to a folder that they share. */
async function areOne(files: Files, path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([path, other].map((each) => realPath(files, withoutPattern(each))));
  return one != null && one === two;
}

/** The folder in which a pattern begins to look; any other path as it is. */
function withoutPattern(path: string): string {
  if (!isGlob(path)) return path;
  const steps = path.split("/");
  return steps.slice(0, steps.findIndex(isGlob)).join("/") || "/";
}

/** @returns null: nothing is there, or it is not ours to see, or does not answer */
async function realPath(files: Files, path: string): Promise<string | null> {
  try {
    return await files.real(path);
  } catch {
    return null;
  }
}

const CUT_OFF =
  "a fresh start was interrupted while it was setting the contents aside; the next start puts them back";

/** Whether what looks empty, or finished, is so because a fresh start has moved a part of it and was cut off. */
async function wasCutOff(files: Files, { found, path }: CheckpointFacts): Promise<boolean> {
  return (found === "empty" || found === "complete") && path !== null && (await files.hasPart(path));
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
    const facts = await kindOf(kind).readCheckpoint(files, cwd, checkpoint);
    return (await wasCutOff(files, facts)) ? { found: "unreadable", path, problem: CUT_OFF } : facts;
  } catch (error) {
    if (isNotAnswering(error)) return { found: "unanswered", path, problem: unansweredWords(error) };
    if (failedWith(error, "ENOENT")) return { found: "none", path };
    return { found: "unreadable", path, problem: error instanceof Error ? error.message : String(error) };
  }
}
