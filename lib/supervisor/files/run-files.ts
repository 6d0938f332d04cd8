import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ProcessIdentity } from "@/lib/domain/run";
import { failedWith } from "./system-error";

/** The files that dashboard and launcher share about one run. The folder is made before the spawn and owner-only. */
export type RunFiles = { readonly folder: string; readonly exitFile: string };

export type Claim =
  | { readonly by: "launcher"; readonly identity: ProcessIdentity | null; readonly pid: number }
  | { readonly by: "revoked" };

/** `unknown`: a record is there but says nothing readable; that is never taken for success. */
export type ExitRecord = {
  readonly status: number | null;
  readonly endedAt: number;
  /** Processor time, in clock ticks, of everything the launcher has waited for; 0 where it could not tell. */
  readonly ticks: number;
};

/** Added to the name of a run's folder that is about to be removed. */
export const ENDED = ".ended";

export function runFiles(runsFolder: string, exitsFolder: string, runId: string): RunFiles {
  return { folder: join(runsFolder, runId), exitFile: join(exitsFolder, runId) };
}

/** Makes the run's folder with the intent in it, on disk before anything is spawned. */
export async function writeSpec(files: RunFiles, spec: unknown): Promise<void> {
  mkdirSync(files.folder, { recursive: true, mode: 0o700 });
  const file = await open(join(files.folder, "spec.json"), "w", 0o600);
  try {
    await file.writeFile(JSON.stringify(spec));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The real folder it was, or is to be, launched in; null: not written there, as by earlier versions, which named it by its job's name. */
export function readFolder(files: RunFiles): string | null {
  try {
    const { realCwd }: { realCwd?: unknown } = JSON.parse(
      readFileSync(join(files.folder, "spec.json"), "utf8"),
    );
    return typeof realCwd === "string" ? realCwd : null;
  } catch {
    return null;
  }
}

/**
 * Gives a run up for good: from here on its launcher, if one ever comes, exits without touching the program.
 * @returns false when a launcher was first (then `readClaim` names it)
 */
export function revoke(files: RunFiles, by: string): boolean {
  mkdirSync(files.folder, { recursive: true, mode: 0o700 });
  const note = join(files.folder, "claim.revoked");
  writeFileSync(note, `revoked ${by}\n`, { mode: 0o600 });
  try {
    linkSync(note, join(files.folder, "claim"));
    return true;
  } catch (error) {
    if (failedWith(error, "EEXIST")) return readClaim(files)?.by === "revoked";
    throw error;
  }
}

/** `shim`: as written by the launcher of 0.1.0, whose runs may still be alive. */
const CLAIMS_OF_LAUNCHERS = ["launcher", "shim"];

/** An empty one is a launcher's, which wrote beside it who it is before it made it. */
export function readClaim(files: RunFiles): Claim | null {
  const claim = join(files.folder, "claim");
  const entry = statSync(claim, { throwIfNoEntry: false });
  if (entry === undefined) return null;
  const [word, pid, ticks] = readWords(entry.size > 0 ? claim : join(files.folder, "claim.launcher"));
  if (word === undefined) return null;
  if (!CLAIMS_OF_LAUNCHERS.includes(word) || !isWhole(pid)) return { by: "revoked" };
  return {
    by: "launcher",
    pid: Number(pid),
    identity: isWhole(ticks) ? { pid: Number(pid), startTicks: Number(ticks) } : null,
  };
}

/** The program's own process, as the launcher wrote it just before it became that program. */
export function readPayload(files: RunFiles): ProcessIdentity | null {
  const [pid, ticks] = readWords(join(files.folder, "payload"));
  return isWhole(pid) && isWhole(ticks) ? { pid: Number(pid), startTicks: Number(ticks) } : null;
}

/** What carries the output from the pipe to the log; null: none, or it is not known (no /proc). */
export function readPump(files: RunFiles): ProcessIdentity | null {
  const [pid, ticks] = readWords(join(files.folder, "pump"));
  return isWhole(pid) && isWhole(ticks) ? { pid: Number(pid), startTicks: Number(ticks) } : null;
}

/** Whether the launcher has become the program, also where start ticks are not known (no /proc). */
export function payloadReported(files: RunFiles): boolean {
  return isWhole(readWords(join(files.folder, "payload"))[0]);
}

/** Where the launcher writes the exit record, into room that it reserved. */
export function recordPlace({ folder }: RunFiles): string {
  return join(folder, "exit");
}

/** Whether a launcher that lives finds the place it has reserved for the exit code, and the folder in which it says that it is there. */
export function canRecordExit(files: RunFiles): boolean {
  return existsSync(recordPlace(files)) && existsSync(dirname(files.exitFile));
}

/** The file among the exits says that there is a record; where it is empty, that stands in the run's folder. Launchers of 0.1.0 wrote it into the file. */
export function readExitRecord(files: RunFiles): ExitRecord | null {
  // Asked for every run in every sweep, and mostly not there: an exception would cost more than the look.
  const entry = statSync(files.exitFile, { throwIfNoEntry: false });
  if (entry === undefined) return null;
  const [status, user, kernel] = readWords(entry.size > 0 ? files.exitFile : recordPlace(files));
  const readable = isWhole(status) && Number(status) <= 255;
  const ticks = isWhole(user) && isWhole(kernel) ? Number(user) + Number(kernel) : 0;
  return { status: readable ? Number(status) : null, endedAt: Math.round(entry.mtimeMs), ticks };
}

/**
 * Takes what only mattered while the run was active out of the way; the log and the job's own files stay. From now on no launcher can take the claim,
 * and there is no record.
 * @returns the folder that is left to be removed
 */
export function putAway(files: RunFiles): string {
  const ended = `${files.folder}${ENDED}`;
  // Out of the way in one step: from a folder that is just being emptied, a late launcher could still take the claim.
  try {
    renameSync(files.folder, ended);
  } catch (error) {
    if (failedWith(error, "ENOTEMPTY", "EEXIST")) {
      rmSync(ended, { recursive: true, force: true });
      renameSync(files.folder, ended);
    } else if (!failedWith(error, "ENOENT")) throw error;
  }
  rmSync(files.exitFile, { force: true });
  return ended;
}

export async function removeRunFiles(files: RunFiles): Promise<void> {
  await rm(putAway(files), { recursive: true, force: true });
}

/** The words of a one-line file; none while the line is not yet complete or the file is not there. */
function readWords(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, "latin1");
  } catch (error) {
    // What cannot be read just now must not be taken for not there; what never can be says nothing.
    if (failedWith(error, "EMFILE", "ENFILE", "ENOMEM")) throw error;
    return [];
  }
  return text.endsWith("\n") ? text.trim().split(" ") : [];
}

function isWhole(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,15}$/.test(text);
}
