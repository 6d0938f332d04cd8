import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type RunFiles, runFiles } from "@/lib/supervisor/files/run-files";
import { askForPipe } from "@/lib/supervisor/log-upkeep/log-pipe";
import { type Child, startChild } from "./children";

/** The launcher as it is in the source. */
export const SCRIPT = join(import.meta.dirname, "../lib/supervisor/launch/launcher.sh");

/** `argv0`: /bin/sh is bash on some systems, and bash behaves otherwise when it is called by that name. */
export type Shell = { readonly name: string; readonly command: readonly string[]; readonly argv0?: string };

export const SHELLS: readonly Shell[] = [
  { name: "dash", command: ["dash"] },
  { name: "bash", command: ["bash"] },
  { name: "bash called sh", command: ["bash"], argv0: "sh" },
  { name: "busybox sh", command: ["busybox", "sh"] },
];

export function isInstalled({ command: [program = ""] }: Shell): boolean {
  return pathOf(program) !== undefined;
}

/** In our own PATH: a launcher may be given another. */
function pathOf(program: string): string | undefined {
  const paths = (process.env.PATH ?? "").split(":").map((folder) => join(folder, program));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export type Launcher = Child & { readonly files: RunFiles; log(): string };

/** Starts the launcher as the supervisor does: a session of its own, both streams into the log. */
export function startLauncher(
  shell: Shell,
  folder: string,
  argv: readonly string[],
  env: Record<string, string> = {},
): Launcher {
  const files = runFiles(join(folder, "runs"), join(folder, "exits"), "run_1");
  for (const path of [files.folder, join(folder, "exits")]) mkdirSync(path, { recursive: true });
  return startLauncherOn(files, shell, folder, argv, env);
}

/** The same with its output through a pipe. */
export function startPiped(shell: Shell, argv: readonly string[], folder: string, marker: string): Launcher {
  const files = runFiles(join(folder, "runs"), join(folder, "exits"), "run_1");
  for (const path of [files.folder, join(folder, "exits")]) mkdirSync(path, { recursive: true });
  askForPipe(files);
  return startLauncherOn(files, shell, folder, argv, { PATH: process.env.PATH ?? "", UNSTUCK_RUN: marker });
}

/** The same on folders as they are, or are not. */
export function startLauncherOn(
  files: RunFiles,
  shell: Shell,
  folder: string,
  argv: readonly string[],
  env: Record<string, string> = {},
): Launcher {
  const [program = "", ...before] = shell.command;
  const logFile = join(folder, "log");
  const log = openSync(logFile, "a");
  const child = startChild(
    pathOf(program) ?? program,
    [...before, SCRIPT, files.folder, files.exitFile, folder, ...argv],
    {
      // As the supervisor does: the launcher goes to the working folder itself.
      cwd: "/",
      env,
      stdio: ["ignore", log, log],
      detached: true,
      ...(shell.argv0 === undefined ? {} : { argv0: shell.argv0 }),
    },
  );
  closeSync(log);
  return { ...child, files, log: () => readFileSync(logFile, "utf8") };
}
