import { isAbsolute, join, resolve } from "node:path";
import { isAllowed } from "@/lib/domain/allowed-commands";
import { AppError } from "@/lib/domain/errors";
import { type Behind, type Files, isNotAnswering } from "@/lib/domain/files";
import type { RunSpec } from "@/lib/domain/job";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

type See = (path: string) => Promise<Behind | null>;

/**
 * Looks at what a launch would meet, before anything is written: is the working folder there, and is the program?
 * @param allowed UNSTUCK_ALLOWED_COMMANDS; null: any
 * @returns the program's absolute path
 * @throws AppError CWD_NOT_FOUND, COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE, COMMAND_NOT_ALLOWED, PATH_NOT_ANSWERING
 */
export async function checkCommand(
  files: Files,
  spec: Command,
  baseEnv: Readonly<Record<string, string>>,
  allowed: readonly string[] | null,
): Promise<string> {
  const path = await findProgram(files, spec, baseEnv);
  if (allowed === null) return path;
  // Behind all links: a name in a listed folder may be a link to any program.
  const real = await files.real(path);
  if (real !== null && isAllowed(resolve(path), real, allowed)) return path;
  throw new AppError(
    "COMMAND_NOT_ALLOWED",
    `The command ${real ?? path} is not among those this dashboard may run (UNSTUCK_ALLOWED_COMMANDS). Use one that is, or ask who runs the dashboard to list it.`,
    { path: real ?? path },
  );
}

type Command = Pick<RunSpec, "argv" | "cwd" | "env">;

/** @returns its absolute path @throws AppError CWD_NOT_FOUND, COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE, PATH_NOT_ANSWERING */
export async function findProgram(
  files: Files,
  spec: Command,
  baseEnv: Readonly<Record<string, string>>,
): Promise<string> {
  const [program = ""] = spec.argv;
  const isPath = program.includes("/");
  const searched = (spec.env.PATH ?? baseEnv.PATH ?? DEFAULT_PATH)
    .split(":")
    .filter((folder) => folder !== "");
  const candidates = isPath
    ? [isAbsolute(program) ? program : resolve(spec.cwd, program)]
    : searched.map((folder) => join(resolve(spec.cwd, folder), program));
  const see = await seeAll(files, [spec.cwd, ...candidates]);
  await checkFolder(see, spec.cwd);
  let found: AppError | null = null;
  for (const path of candidates) {
    const entry = await see(path);
    if (isProgram(entry)) return path;
    // That a folder of PATH does not have it is no error yet, and to make one costs more than the look.
    const isThere = entry !== null && !("failed" in entry);
    if (isPath || isThere) found ??= programProblem(entry, path, program);
  }
  throw found ?? notFound(program, `it is in none of the folders of PATH (${searched.join(", ")})`);
}

/** All in one question; where that is not answered, one after the other and no further than needed, as the system does it. */
async function seeAll(files: Files, paths: readonly string[]): Promise<See> {
  try {
    const seen = await files.behind(paths);
    return async (path) => seen[paths.indexOf(path)] ?? null;
  } catch (error) {
    if (!isNotAnswering(error)) throw error;
    return async (path) => (await files.behind([path]))[0] ?? null;
  }
}

async function checkFolder(see: See, cwd: string): Promise<void> {
  const entry = await see(cwd);
  const finding = folderFinding(entry);
  if (finding === null) return;
  throw new AppError(
    "CWD_NOT_FOUND",
    `The working folder ${cwd} cannot be used: ${finding}. Make it, or change the job's cwd.`,
    { cwd },
  );
}

function folderFinding(entry: Behind | null): string | null {
  if (entry === null) return "it is not there";
  if ("failed" in entry)
    return entry.failed === "EACCES"
      ? "the user the job runs as may not enter a folder above it"
      : "it is not there";
  if (entry.kind !== "folder") return "it is not a folder";
  return entry.executes ? null : "the user the job runs as may not enter it";
}

function isProgram(entry: Behind | null): boolean {
  return entry !== null && !("failed" in entry) && entry.kind !== "folder" && entry.executes;
}

function programProblem(entry: Behind | null, path: string, program: string): AppError {
  if (entry === null || "failed" in entry) return notFound(program, `there is no ${path}`);
  const why = entry.kind === "folder" ? "it is a folder" : "it may not be executed by this user";
  return notExecutable(path, why);
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
