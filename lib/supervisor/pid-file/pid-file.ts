import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { type Files, isNotAnswering, type Look, unansweredWords } from "@/lib/domain/files";
import { HIGHEST_PID, numbersIn, pidIn } from "./pid-text";

/** `text`, `size`: what was read of it, and how long it is. */
export type PidFileContent =
  | { readonly is: "missing" }
  /** The disk or server it lies on does not answer. */
  | { readonly is: "unanswered"; readonly why: string }
  | { readonly is: "refused"; readonly why: string }
  /** `numbers`: those in it that could be pids, in a form that is not known. */
  | {
      readonly is: "garbage";
      readonly why: string;
      readonly writtenAt: number;
      readonly numbers: readonly number[];
      readonly text: string;
      readonly size: number;
    }
  | {
      readonly is: "pid";
      readonly pid: number;
      readonly writtenAt: number;
      readonly text: string;
      readonly size: number;
    };

/** Real pid files are shorter; a longer one says nothing. */
const READ_BYTES = 4_096;
/** UTF-8's, read as latin1. */
const BYTE_ORDER_MARK = /^\u00ef\u00bb\u00bf/;

/** Reads a pid file whatever stands in its place: a link is not followed, a FIFO does not block, a huge file is not read. */
export async function readPidFile(files: Files, path: string): Promise<PidFileContent> {
  try {
    const look = await files.look(path, READ_BYTES);
    return look === null ? { is: "missing" } : contentOf(look);
  } catch (error) {
    if (isNotAnswering(error)) return { is: "unanswered", why: `it ${unansweredWords(error)}` };
    return { is: "refused", why: `it cannot be looked at (${codeOf(error)})` };
  }
}

function contentOf({ kind, size, modifiedMs, bytes }: Look): PidFileContent {
  if (kind === "link") return { is: "refused", why: "it is a link, which is never followed" };
  if (kind === "folder") return { is: "refused", why: "it is a folder" };
  if (kind !== "file" || bytes === undefined) return { is: "refused", why: "it is not a plain file" };
  const file = { text: Buffer.from(bytes).toString("latin1"), size };
  const garbage = { is: "garbage", ...file, writtenAt: modifiedMs, numbers: [] } as const;
  if (size > READ_BYTES) return { ...garbage, numbers: numbersIn(file.text), why: `it has ${size} bytes` };
  if (file.text.trim() === "") return { ...garbage, why: "it is empty" };
  return parsePid(file, modifiedMs);
}

function parsePid(file: { text: string; size: number }, writtenAt: number): PidFileContent {
  const { text } = file;
  const word = pidIn(text.replace(BYTE_ORDER_MARK, ""));
  const pid = Number(word);
  if (word === null)
    return {
      is: "garbage",
      ...file,
      writtenAt,
      numbers: numbersIn(text),
      why: `it names no pid in a form that is known: ${shortened(text)}`,
    };
  if (pid <= 1 || pid > HIGHEST_PID)
    return { is: "garbage", ...file, writtenAt, numbers: [], why: `${shortened(word)} is no program's pid` };
  return { is: "pid", ...file, pid, writtenAt };
}

function shortened(text: string): string {
  return JSON.stringify(text.trim().slice(0, 40));
}

/** Why no pid file could be written there, null when one could. @throws AppError PATH_NOT_ANSWERING */
export async function folderProblem(files: Files, path: string): Promise<string | null> {
  const folder = dirname(path);
  const [found] = await files.behind([folder]);
  if (found === undefined || "failed" in found)
    return found?.failed === "ENOENT"
      ? `its folder ${folder} is not there`
      : `its folder ${folder} cannot be written to (${found?.failed})`;
  if (found.kind !== "folder") return `${folder} is not a folder`;
  return found.writes ? null : `its folder ${folder} cannot be written to (EACCES)`;
}

/** Whole or not at all, and never through a link: written beside and renamed. Throws what the file system says. */
export function writePidFile(files: Files, path: string, pid: number): Promise<void> {
  const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
  return files.replace(path, join(dirname(path), `.unstuck-${name}.pid`), `${pid}\n`, 0o644);
}

/** Removes a pid file that still names this pid. @returns whether it did */
export async function removePidFile(files: Files, path: string, pid: number | null): Promise<boolean> {
  const content = await readPidFile(files, path);
  if (content.is !== "pid" && content.is !== "garbage") return false;
  if (pid !== (content.is === "pid" ? content.pid : null)) return false;
  return files.unlinkIf(path, content.text, content.size);
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : String(error);
}
