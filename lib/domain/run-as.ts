import type { Variables } from "./environment";
import { AppError } from "./errors";
import type { Account } from "./files";

/** Names as useradd and directories make them. Never a number, and never one that a command line or a path could read as something else. */
export const RUN_AS_PATTERN = /^[A-Za-z_][A-Za-z0-9_.@-]{0,63}\$?$/;

/** Whom this dashboard can run programs as. */
export type RunAsHere = {
  /** Only then can it become another user. */
  readonly isRoot: boolean;
  /** Its own name; null: its number has none here, as in containers. */
  readonly me: string | null;
  /** UNSTUCK_RUN_AS: what a new job of a dashboard of root gets that does not say. */
  readonly usual: string | null;
};

/**
 * The user a job runs as, as it is asked for. Under root a job says it, `root` too: by default no program gets the rights of the whole machine.
 * @param asked undefined, null: not said
 * @returns null: the dashboard's own, which is not root
 * @throws AppError RUN_AS_NEEDED, RUN_AS_NOT_ALLOWED
 */
export function settleRunAs(asked: string | null | undefined, here: RunAsHere, job: string): string | null {
  const runAs = asked ?? here.usual;
  if (runAs === null) {
    if (here.isRoot) throw runAsNeeded(job);
    return null;
  }
  if (!here.isRoot && runAs !== here.me) throw notRoot(runAs, here.me);
  return runAs;
}

export function runAsNeeded(job: string): AppError {
  const message = `Job "${job}" does not say which user it runs as, and this dashboard runs as root. Set runAs to a user of this host, or to "root" if the program needs all rights. UNSTUCK_RUN_AS is what new jobs get.`;
  return new AppError("RUN_AS_NEEDED", message, { job });
}

function notRoot(runAs: string, me: string | null): AppError {
  const message = `The dashboard runs as ${me ?? "a user without a name"} and can run programs as that user only: expected runAs to be that or left out, found "${runAs}". Only a dashboard of root can run a job as another user.`;
  return new AppError("RUN_AS_NOT_ALLOWED", message, { runAs });
}

/** What a login of that user would set; of the dashboard's own only TMPDIR would lead it where it may not be. */
export function asUser({ TMPDIR: _ours, ...handedOn }: Variables, account: Account): Variables {
  const { name, home, shell } = account;
  return { ...handedOn, HOME: home, USER: name, LOGNAME: name, SHELL: shell ?? "/bin/sh" };
}
