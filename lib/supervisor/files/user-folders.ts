import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "@/lib/domain/errors";
import { type Account, type Files, type FilesOf, isNotAnswering } from "@/lib/domain/files";
import type { RunSpec } from "@/lib/domain/job";
import { type Folders, userJobFolder, userRunFolder } from "@/lib/domain/user-folders";
import { failedWith } from "./system-error";

type Place = Pick<Folders, "runs" | "runAs">;
/** Each takes far less time than what does not answer at all. Ten million files in all: of more than that, another process is making them. */
const CLEARED_AT_ONCE = 500;
const MOST_GOES = 20_000;

type Own = Pick<FilesOf, "isOwn">;

/** Others pass through by name, and see nothing of what is there. */
const PASSAGE = 0o711;

/** Whom a run's files belong to where that is not the dashboard; null: the dashboard. */
export function userOf(
  { spec: { runAs } }: { readonly spec: Pick<RunSpec, "runAs"> },
  files: Own,
): string | null {
  return runAs === null || files.isOwn(runAs) ? null : runAs;
}

/** Where a run's program reports its progress: a user of its own cannot enter the data folder. @param runId of the run it was started as */
export function progressFileOf(paths: Place, user: string | null, runId: string): string {
  return join(user === null ? join(paths.runs, runId) : userRunFolder(paths, user, runId), "progress.json");
}

/**
 * Makes what a run of another user has to reach: a folder for its progress and one for its job's state, each that user's. All above them is ours, so
 * none of it can lead elsewhere.
 * @throws AppError RUN_AS_CANNOT_REACH
 */
export async function makeUserFolders(
  paths: Pick<Folders, "data" | "runAs">,
  files: FilesOf,
  account: Account,
  { id, jobId }: { readonly id: string; readonly jobId: string },
): Promise<void> {
  const { name } = account;
  if (dirname(paths.runAs) === paths.data) letThrough(paths);
  const run = userRunFolder(paths, name, id);
  for (const folder of [paths.runAs, dirname(dirname(run)), dirname(run)]) makePassage(folder);
  for (const folder of [run, userJobFolder(paths, name, jobId)]) makeFor(account, folder);
  const [seen] = await files.as(name).behind([run]);
  if (seen !== undefined && "kind" in seen && seen.executes && seen.writes) return;
  throw cannotReach(name, run, await barredAt(files, name, run));
}

/**
 * The progress of a run that has ended. Its folder is emptied with that user's rights, since what is in it may change under our hands.
 * @throws also where it is filled faster than it is emptied, or someone else's files are in it
 */
export async function removeUserFolder(
  paths: Pick<Folders, "runAs">,
  files: FilesOf,
  user: string,
  runId: string,
): Promise<void> {
  const folder = userRunFolder(paths, user, runId);
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return;
  await clearOut(files.as(user), folder);
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!failedWith(error, "ENOENT")) throw error;
  }
}

/** A folder of that user's, with all that is in it but itself. */
export async function clearOut(its: Files, folder: string): Promise<void> {
  for (let go = 0; go < MOST_GOES; go += 1) if (await its.clear(folder, CLEARED_AT_ONCE)) return;
  throw new Error(`${folder} is filled faster than it can be emptied.`);
}

/** What was kept from others by the folder above it alone, as by an umask of 022, is closed itself before that is opened. */
function letThrough({ data, runAs }: Pick<Folders, "data" | "runAs">): void {
  // Followed: the data folder may be a link to another disk.
  const { mode } = statSync(data);
  if ((mode & 0o001) !== 0) return;
  for (const name of readdirSync(data)) {
    const path = join(data, name);
    const entry = lstatSync(path, { throwIfNoEntry: false });
    const isOpen = entry !== undefined && !entry.isSymbolicLink() && (entry.mode & 0o007) !== 0;
    if (isOpen && path !== runAs) chmodSync(path, entry.mode & 0o7770);
  }
  chmodSync(data, (mode & 0o7777) | 0o001);
}

function makePassage(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: PASSAGE });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw notOurs(folder, found);
  // mkdir heeds the umask.
  if ((found.mode & 0o777) !== PASSAGE) chmodSync(folder, PASSAGE);
}

function makeFor({ name, uid, gid }: Account, folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    lchownSync(folder, uid, gid);
  } catch (error) {
    if (!failedWith(error, "EEXIST")) throw error;
    const found = lstatSync(folder);
    // One that was just made, and cut off there, is ours still.
    if (found.isDirectory() && found.uid === process.getuid?.()) lchownSync(folder, uid, gid);
    else if (!found.isDirectory() || found.uid !== uid)
      throw new AppError(
        "RUN_AS_CANNOT_REACH",
        `Expected ${folder} to be a folder of ${name} (${uid}); it belongs to user ${found.uid}. It is from an earlier user of that name: check what is in it, then hand it over (chown -R) or move it away.`,
        { path: folder, runAs: name },
      );
  }
}

function notOurs(folder: string, { uid }: Stats): AppError {
  const message = `Expected ${folder} to be a folder of the dashboard's own user; it belongs to user ${uid}, or is a link. Remove it, or set UNSTUCK_RUN_AS_DIR to another place.`;
  return new AppError("RUN_AS_CANNOT_REACH", message, { path: folder });
}

function cannotReach(user: string, path: string, barred: string): AppError {
  const message = `${user} cannot enter ${barred}, on the way to ${path}, where its runs report to Unstuck. Let others pass (chmod o+x ${barred}), or set UNSTUCK_RUN_AS_DIR to a folder every user can reach, such as /var/lib/unstuck-run-as.`;
  return new AppError("RUN_AS_CANNOT_REACH", message, { path, runAs: user });
}

/** The first folder on the way that this user may not enter. */
async function barredAt(files: FilesOf, user: string, path: string): Promise<string> {
  const steps = path.split("/").map((_step, at, all) => all.slice(0, at + 1).join("/") || "/");
  try {
    const seen = await files.as(user).behind(steps);
    const at = seen.findIndex((entry) => !("kind" in entry) || !entry.executes);
    const barred = seen[at];
    // One that cannot even be looked at lies in the one that bars the way.
    return (barred !== undefined && "failed" in barred ? steps[at - 1] : steps[at]) ?? path;
  } catch (error) {
    if (isNotAnswering(error)) return path;
    throw error;
  }
}
