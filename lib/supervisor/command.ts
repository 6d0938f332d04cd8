import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { AppError } from "@/lib/domain/errors";
import type { RunSpec } from "@/lib/domain/job";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Looks at what a launch would meet, before anything is written: is the working folder there, and is the program?
 * @returns the program's absolute path
 * @throws AppError CWD_NOT_FOUND, COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE
 */
export function checkCommand(
  spec: Pick<RunSpec, "argv" | "cwd" | "env">,
  baseEnv: Readonly<Record<string, string>>,
): string {
  checkFolder(spec.cwd);
  const [program = ""] = spec.argv;
  if (program.includes("/"))
    return checkProgram(isAbsolute(program) ? program : resolve(spec.cwd, program), program);
  const searched = (spec.env.PATH ?? baseEnv.PATH ?? DEFAULT_PATH)
    .split(":")
    .filter((folder) => folder !== "");
  let found: AppError | null = null;
  for (const folder of searched) {
    try {
      return checkProgram(join(resolve(spec.cwd, folder), program), program);
    } catch (error) {
      if (error instanceof AppError && error.code === "COMMAND_NOT_EXECUTABLE") found ??= error;
    }
  }
  throw found ?? notFound(program, `it is in none of the folders of PATH (${searched.join(", ")})`);
}

function checkFolder(cwd: string): void {
  const entry = statOrNull(cwd);
  if (entry?.isDirectory()) return;
  const finding = entry === null ? "it is not there" : "it is not a folder";
  throw new AppError(
    "CWD_NOT_FOUND",
    `The working folder ${cwd} cannot be used: ${finding}. Make it, or change the job's cwd.`,
    { cwd },
  );
}

function checkProgram(path: string, program: string): string {
  const entry = statOrNull(path);
  if (entry === null) throw notFound(program, `there is no ${path}`);
  if (entry.isDirectory()) throw notExecutable(path, "it is a folder");
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw notExecutable(path, "it may not be executed by this user");
  }
  return path;
}

function statOrNull(path: string) {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function notFound(program: string, why: string): AppError {
  return new AppError(
    "COMMAND_NOT_FOUND",
    `The command "${program}" was not found: ${why}. Use a full path, or set PATH in the job's env.`,
    { program },
  );
}

function notExecutable(path: string, why: string): AppError {
  return new AppError(
    "COMMAND_NOT_EXECUTABLE",
    `The command ${path} cannot be run: ${why}. Name a program (chmod +x makes a script one).`,
    { path },
  );
}
