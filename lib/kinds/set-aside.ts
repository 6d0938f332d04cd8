import { resolve, sep } from "node:path";
import type { EntryKind, Files } from "@/lib/domain/files";
import { isGlob } from "./command/glob";
import { failedWith } from "./parse";

/** More than these are not set aside by hand one by one. */
const MAX_SET_ASIDE = 20_000;
/** Renamed in one go, so that each go takes far less time than what does not answer at all. */
const RENAMED_AT_ONCE = 100;

/** Why a rename is refused of what is there: it is mounted, lies in a lower layer of an overlay, or its folder is not ours to write to. */
const CANNOT_BE_RENAMED = ["EBUSY", "EXDEV", "EACCES", "EPERM", "EROFS"];

/**
 * Makes room for a fresh start: what is there is kept beside it under the new run's name, each file of a pattern by itself. Of a folder
 * that cannot be renamed, as a mount point cannot, the contents are kept below it instead.
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
  const look = await files.look(path);
  if (look !== null) return moveOne(files, path, look.kind, runId);
  if (!isGlob(checkpoint)) return;
  const paths = await outermost(files, path);
  for (let from = 0; from < paths.length; from += RENAMED_AT_ONCE)
    await files.rename(
      paths.slice(from, from + RENAMED_AT_ONCE).map((each) => [each, `${each}.before-${runId}`]),
    );
}

/** Undoes a fresh start that was cut off while it set a folder's contents aside; nothing where there is none. */
export async function putBackWhatWasCutOff(
  files: Files,
  cwd: string,
  checkpoint: string | null,
): Promise<void> {
  if (checkpoint === null || isGlob(checkpoint)) return;
  for (let go = 0; go <= MAX_SET_ASIDE / RENAMED_AT_ONCE; go += 1)
    if (await files.putBack(resolve(cwd, checkpoint), RENAMED_AT_ONCE)) return;
}

async function moveOne(files: Files, path: string, kind: EntryKind, runId: string): Promise<void> {
  try {
    await files.rename([[path, `${path}.before-${runId}`]]);
  } catch (error) {
    if (!failedWith(error, ...CANNOT_BE_RENAMED)) throw error;
    if (kind !== "folder") throw immovable(path, whyAFileIs(error));
    await moveContents(files, path, runId);
  }
}

async function moveContents(files: Files, path: string, runId: string): Promise<void> {
  if ((await files.names(path, MAX_SET_ASIDE)).more)
    throw immovable(path, `it cannot be renamed, and more than ${MAX_SET_ASIDE} entries are in it`);
  try {
    for (let go = 0; go <= MAX_SET_ASIDE / RENAMED_AT_ONCE; go += 1)
      if (await files.setAside(path, `.before-${runId}`, RENAMED_AT_ONCE)) return;
  } catch (error) {
    await putBackWhatWasCutOff(files, path, ".").catch(() => undefined);
    if (!failedWith(error, ...CANNOT_BE_RENAMED)) throw error;
    throw immovable(path, `neither the folder nor all that is in it can be renamed (${codeIn(error)})`);
  }
  await putBackWhatWasCutOff(files, path, ".");
  throw immovable(path, "something is written into it faster than it can be moved");
}

function whyAFileIs(error: unknown): string {
  return failedWith(error, "EBUSY")
    ? "it is a single mounted file, which cannot be renamed. Mount its folder instead, or empty the file yourself"
    : `its folder may not be written to (${codeIn(error)})`;
}

function codeIn(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : String(error);
}

function immovable(path: string, why: string): Error {
  return new Error(
    `The checkpoint ${path} cannot be set aside for a fresh start: ${why}. Nothing was changed.`,
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
