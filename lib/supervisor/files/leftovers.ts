import { lstat, realpath, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Files, FilesOf } from "@/lib/domain/files";
import type { Leftovers, Removal } from "@/lib/domain/ports/plans";
import { type Folders, lineageFolder, userJobFolder } from "@/lib/domain/user-folders";
import { isGlob } from "@/lib/kinds/command/glob";
import { ENDED } from "./run-files";
import { clearOut, removeUserFolder } from "./user-folders";

const MOST_MATCHES = 20_000;
/** Removed in one go, so that each go takes far less time than what does not answer at all. */
const REMOVED_AT_ONCE = 500;

/**
 * Removes what a deleted run has left: its log, its folder, its exit record, the folder of its lineage when it was the last of it, and
 * the checkpoints that were moved aside for it. Nothing else outside the data folder, and nothing through a link: where a folder on the
 * way is one, what is behind it stays. Never throws; what is gone already is no problem.
 */
export async function removeLeftovers(
  all: FilesOf,
  folders: Pick<Folders, "data" | "runAs">,
  of: Leftovers,
): Promise<Removal> {
  const { data: dataDir } = folders;
  const { runAs = null } = of;
  const files = all.as(runAs);
  const removed: string[] = [];
  const problems: string[] = [];
  const remove = async (path: string, name: string) => {
    try {
      if (!(await exists(path))) return;
      if (!(await isPlainlyBelow(dataDir, path)))
        return void problems.push(`${path}: a folder on the way is a link, which is not followed`);
      // `rm` removes a link itself, never what it points to.
      await rm(path, { recursive: true });
      removed.push(name);
    } catch (error) {
      if (!isMissing(error)) problems.push(`${path}: ${told(error)}`);
    }
  };
  await remove(join(dataDir, of.jobId, "logs", `${of.runId}.log`), "its log");
  await remove(join(dataDir, "runs", of.runId), "its folder");
  // Of a removal that was cut off.
  await remove(join(dataDir, "runs", `${of.runId}${ENDED}`), "what was left of its folder");
  await remove(join(dataDir, "exits", of.runId), "its exit record");
  if (of.lineageId !== null)
    await remove(join(dataDir, of.jobId, "lineages", of.lineageId), "the folder of its lineage");
  if (runAs !== null && !all.isOwn(runAs)) {
    const job = userJobFolder(folders, runAs, of.jobId);
    if (of.lineageId !== null) await removeUsers(files, lineageFolder(job, of.lineageId), removed, problems);
    await removeUserFolder(folders, all, runAs, of.runId).catch((error) => problems.push(told(error)));
  }
  await removeRotated(files, of, removed, problems);
  return { removed, problems };
}

/** With that user's rights, as it may hold any links by now. */
async function removeUsers(files: Files, path: string, removed: string[], problems: string[]): Promise<void> {
  try {
    if ((await files.look(path)) === null) return;
    await clearOut(files, path);
    await files.remove(path, REMOVED_AT_ONCE);
    removed.push("the folder of its lineage");
  } catch (error) {
    problems.push(`${path}: ${told(error)}`);
  }
}

async function removeRotated(
  files: Files,
  of: Leftovers,
  removed: string[],
  problems: string[],
): Promise<void> {
  let at = of.checkpoint ?? "";
  try {
    for (const path of await rotatedFor(files, of)) {
      at = path;
      if ((await files.look(path)) === null) continue;
      for (let gone = false; !gone; ) gone = await files.remove(path, REMOVED_AT_ONCE);
      removed.push(basename(path));
    }
  } catch (error) {
    problems.push(`${at}: ${told(error)}`);
  }
}

/**
 * Checkpoints that were moved aside when this run started over; they are beside the checkpoint, or within it
 * where it cannot be renamed.
 */
async function rotatedFor(files: Files, { cwd, checkpoint, runId }: Leftovers): Promise<readonly string[]> {
  if (checkpoint === null) return [];
  // `**` at the end means every file below, each of which was moved aside where it lay.
  const aside = `${checkpoint.replace(/(?<=^|\/)\*\*$/, "**/*")}.before-${runId}`;
  if (!isGlob(checkpoint)) {
    const path = resolve(cwd, checkpoint);
    const isFolder = (await files.look(path))?.kind === "folder";
    return [resolve(cwd, aside), ...(isFolder ? [resolve(path, `.before-${runId}`)] : [])];
  }
  return (await files.glob(resolve(cwd, aside), MOST_MATCHES)).found.map(({ path }) => path);
}

/** Whether every folder between the two is a real one. */
async function isPlainlyBelow(root: string, path: string): Promise<boolean> {
  const folder = dirname(path);
  return (await realpath(folder)) === join(await realpath(root), folder.slice(root.length));
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return code === "ENOENT" || code === "ENOTDIR";
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
