import { basename, isAbsolute, join, resolve } from "node:path";
import { isAppError } from "@/lib/domain/errors";
import type { Files } from "@/lib/domain/files";
import type { RunSpec } from "@/lib/domain/job";
import { findProgram } from "./command";
import { binaryProblem } from "./program-header";

/** What a shell says of a program that is not there, and of one that is and cannot be run. */
const COULD_NOT_BEGIN = [126, 127];
/** Linux reads no more of a first line. */
const READ_BYTES = 4_096;

/** They tell nothing of the program. */
const UNTOLD: readonly string[] = ["PATH_NOT_ANSWERING", "CWD_NOT_FOUND"];

type Launched = Pick<RunSpec, "argv" | "cwd" | "env">;

/**
 * Why a program never began although it is there: its interpreter is missing, or it is made for another machine. Looked at after the
 * end, so it tells what is there now.
 * @returns a sentence; null: it did begin and ended with that code itself, or that cannot be told
 */
export async function whyItDidNotBegin(
  files: Files,
  spec: Launched,
  environment: () => Promise<Readonly<Record<string, string>>>,
  code: number | null,
): Promise<string | null> {
  if (code === null || !COULD_NOT_BEGIN.includes(code)) return null;
  try {
    const baseEnv = await environment();
    const path = await findProgram(files, spec, baseEnv);
    const bytes = (await files.look(path, READ_BYTES))?.bytes;
    if (bytes === undefined) return null;
    const first = Buffer.from(bytes);
    if (first.subarray(0, 2).toString("latin1") === "#!")
      return await interpreterProblem(files, spec, baseEnv, path, firstLine(first));
    const binary = binaryProblem(first, process.arch);
    if (binary === null) return null;
    if ("problem" in binary) return `${path} ${binary.problem}`;
    return (await isThere(files, binary.loader))
      ? null
      : `${path} needs ${binary.loader}, which is not there: it is made for another system (such as Alpine's musl or glibc).`;
  } catch (error) {
    if (!isAppError(error) || UNTOLD.includes(error.code)) return null;
    // What is wrong with it now was wrong a moment ago.
    return error.message;
  }
}

function firstLine(bytes: Buffer): string {
  const end = bytes.indexOf(10);
  return bytes.toString("utf8", 2, end === -1 ? bytes.length : end);
}

async function interpreterProblem(
  files: Files,
  spec: Launched,
  baseEnv: Readonly<Record<string, string>>,
  path: string,
  line: string,
): Promise<string | null> {
  const words = line.trim().split(/[ \t]+/);
  const [interpreter = ""] = words;
  if (line.endsWith("\r"))
    return `The first line of ${path} (#!${line.trim()}) ends with a carriage return, so the system looks for “${basename(words.at(-1) ?? "")}\\r”. Save the file with Unix line ends.`;
  const problem = (what: string) => `The first line of ${path} names the interpreter ${what}`;
  const absolute = isAbsolute(interpreter) ? interpreter : resolve(spec.cwd, interpreter);
  if (!(await isThere(files, absolute)))
    return problem(
      `${interpreter}, which is not there or may not be executed. Make it again where it is now (a virtual environment cannot be moved), or change that line.`,
    );
  const program = basename(interpreter) === "env" ? words.slice(1).find(isProgram) : undefined;
  if (program === undefined) return null;
  const folders = (spec.env.PATH ?? baseEnv.PATH ?? "").split(":").filter((folder) => folder !== "");
  const seen = await files.behind(folders.map((folder) => join(resolve(spec.cwd, folder), program)));
  if (program.includes("/") || seen.some((entry) => "kind" in entry && entry.executes)) return null;
  return problem(`${program}, which is in none of the folders of PATH (${folders.join(", ")}).`);
}

/** `env -S python3 -u`, `env NAME=value python3` */
function isProgram(word: string): boolean {
  return !word.startsWith("-") && !word.includes("=");
}

async function isThere(files: Files, path: string): Promise<boolean> {
  const [entry] = await files.behind([path]);
  return entry !== undefined && "kind" in entry && entry.kind !== "folder" && entry.executes;
}
