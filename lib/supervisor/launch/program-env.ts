import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isCarried } from "@/lib/domain/environment";
import type { RunFiles } from "../files/run-files";

type Variables = Readonly<Record<string, string>>;

/** Read, and emptied, by lib/supervisor/launch/launcher.sh. */
const FILE = "env";
/** The launcher's own locale, and what its cd(1) has made up. */
const UNSET = "unset LC_ALL OLDPWD";
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const OURS = /^UNSTUCK_/;
/** Set last: from then on bash reads the rest of the text in that locale. */
const LOCALE = /^(LANG|LC_.*)$/;

/**
 * Leaves a run's environment for its launcher, which takes it on with the last step before the program: neither its shell nor its tools work
 * under a job's PATH, library path or OPTIND. In a file of the owner's alone, since every user can read a command line.
 * @param path the dashboard's own PATH, which has the launcher's tools
 * @returns what the launcher itself is started with: our own variables, by which its processes are found
 * @throws Error when it cannot be written
 */
export function leaveForLauncher(files: RunFiles, env: Variables, path: string): Variables {
  const file = join(files.folder, FILE);
  writeFileSync(file, programEnvText(file, env), { mode: 0o600 });
  return launcherVariables(env, path);
}

/** @param path the dashboard's own PATH, which has the launcher's tools */
export function launcherVariables(env: Variables, path: string): Variables {
  return { PATH: path, LC_ALL: "C", ...ourVariables(env) };
}

/** Those that no job can set. */
export function ourVariables(env: Variables): Variables {
  return Object.fromEntries(Object.entries(env).filter(([name]) => OURS.test(name)));
}

/**
 * Leaves what the program of a user of its own is to have for that user's shell, which reads it after the launcher has removed the file.
 * @param own our own variables, where the program's differ from its launcher's
 * @param terminal it adds to the environment of a terminal, which has its locale
 */
export function leaveForUser(files: RunFiles, env: Variables, own: Variables, terminal = false): void {
  const set = Object.entries(own).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const first = terminal ? [] : [UNSET];
  writeFileSync(join(files.folder, FILE), [...first, ...lines(env), ...set, ":", ""].join("\n"), {
    mode: 0o600,
  });
}

/** The same as text for a POSIX shell, to be read by its dot command. In single quotes nothing but a single quote means anything. */
export function programEnvText(file: string, env: Variables): string {
  // Emptied, not removed: that needs no process, of which there may be none left.
  return [UNSET, ...lines(env), `true >${quoted(file)}`, ":", ""].join("\n");
}

function lines(env: Variables): string[] {
  const all = Object.entries(env).filter(([name]) => NAME.test(name) && !OURS.test(name));
  const locale = all.filter(([name]) => LOCALE.test(name));
  return [...all.filter((one) => !locale.includes(one)), ...locale].map(([name, value]) => {
    const set = `export ${name}=${quoted(value)}`;
    // A shell would end over a name it keeps for itself: tried in a process of its own.
    return isCarried(name) ? set : `if (${set}); then ${set}; fi`;
  });
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
