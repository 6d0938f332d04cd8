import { fchmodSync, fstatSync } from "node:fs";
import type { Account } from "@/lib/domain/files";
import { type Run, startedAs } from "@/lib/domain/run";
import { asUser, runAsNeeded } from "@/lib/domain/run-as";
import type { RunFiles } from "../files/run-files";
import { makeUserFolders, progressFileOf, userOf } from "../files/user-folders";
import type { SupervisorPorts } from "../watch/ports";
import { becomeOrder, findSetpriv } from "./become";
import { launcherVariables, leaveForLauncher, leaveForUser, ourVariables } from "./program-env";

type Variables = Readonly<Record<string, string>>;

/** The user of the host a run's program is to run as, where that is not the dashboard's. */
export type RunUser = {
  readonly account: Account;
  /** The program for becoming that one. */
  readonly setpriv: string;
  readonly progressFile: string;
};

/**
 * Looks the user up, as often as a run is launched: one that was removed since runs nothing more. Makes the folders its program has to reach.
 * @returns null: the dashboard's own
 * @throws AppError RUN_AS_NEEDED, RUN_AS_UNKNOWN, RUN_AS_NOT_ALLOWED, RUN_AS_CANNOT_REACH
 */
export async function userForRun(ports: SupervisorPorts, run: Run): Promise<RunUser | null> {
  const { files, paths, baseEnv } = ports;
  if (run.spec.runAs === null && ports.needsRunAs) throw runAsNeeded(run.jobId);
  const user = userOf(run, files);
  if (user === null) return null;
  const setpriv = findSetpriv(baseEnv.PATH ?? "");
  const account = await files.account(user);
  const id = startedAs(run);
  await makeUserFolders(paths, files, account, { id, jobId: run.jobId });
  return { account, setpriv, progressFile: progressFileOf(paths, user, id) };
}

/**
 * So that a program of another user can open its own output by a name (/dev/stdout): every user may write to it, and none but the program gets there, since
 * its folder is closed to them. It stays ours. An owner could take a lease on it (F_SETLEASE), and those who open it would wait for 45 s, this whole
 * process too; keep it by a hard link; and set its mode.
 */
export function openLogToProgram(log: number): void {
  fchmodSync(log, fstatSync(log).mode | 0o002);
}

/** @returns what the launcher is started with */
export function leaveEnvironment(
  ports: SupervisorPorts,
  files: RunFiles,
  user: RunUser | null,
  env: Variables,
): Variables {
  const path = ports.baseEnv.PATH ?? "";
  if (user === null) return leaveForLauncher(files, env, path);
  leaveForUser(files, env, ownOf(user));
  return { ...launcherVariables(env, path), ...becomeOrder(user.account, user.setpriv) };
}

/**
 * A launcher in a terminal of root's has that one's environment, and must not have the job's: its user chooses what is in a PATH or LD_PRELOAD of that.
 * @param env of the job and of us, with its secrets
 * @returns what it is started with beside the terminal's own environment
 */
export function leaveForTerminalsUser(files: RunFiles, user: RunUser, env: Variables): Variables {
  leaveForUser(files, { ...asUser({}, user.account), ...env }, ownOf(user), true);
  return { ...ourVariables(env), ...becomeOrder(user.account, user.setpriv) };
}

function ownOf({ progressFile }: RunUser): Variables {
  return { UNSTUCK_PROGRESS_FILE: progressFile };
}
