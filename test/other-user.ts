import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Nobody's: only root can become it, and the limits root has no part in hold for it. */
const UID = 54_321;

export const AS_OTHER_USER = ["setpriv", `--reuid=${UID}`, `--regid=${UID}`, "--clear-groups", "--"];

/** Why no program can be run as another user; null when it can. */
export const NO_OTHER_USER = why();

/**
 * Runs a command as yet another user, whoever calls it, as sudo does: that one's processes nobody but root can signal.
 * @param folder on a file system that honours set-user-ID
 */
export function asThirdUser(folder: string): string[] {
  const file = join(folder, "as-third-user");
  copyFileSync(execFileSync("sh", ["-c", "command -v setpriv"], { encoding: "utf8" }).trim(), file);
  chmodSync(file, 0o4755);
  return [file, `--reuid=${UID + 1}`, `--regid=${UID + 1}`, "--clear-groups", "--"];
}

/** Each Debian has it, with a home that is there and no group but its own. */
export const OTHER = "games";

/** As passwd has it. */
export function accountOf(name: string) {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  const [, , uid = "", gid = "", , home = "", shell = ""] =
    lines.find((one) => one.startsWith(`${name}:`))?.split(":") ?? [];
  return { uid: Number(uid), gid: Number(gid), home, shell };
}

export function handOver(folder: string): void {
  chownSync(folder, UID, UID);
}

/** Lets a process start no other while `wait` goes on, then again as many as before. */
export async function withoutProcesses(pid: number, wait: () => Promise<unknown>): Promise<void> {
  const args = ["--pid", String(pid), "--nproc", "--output", "SOFT", "--noheadings", "--raw"];
  const before = asOtherUser("prlimit", ...args).trim();
  limitProcesses(pid, "1");
  try {
    await wait();
  } finally {
    limitProcesses(pid, before);
  }
}

export function limitProcesses(pid: number, most: string): void {
  asOtherUser("prlimit", "--pid", String(pid), `--nproc=${most}:`);
}

/** Root may not change another user's limits everywhere; that user always may. */
function asOtherUser(...command: string[]): string {
  const [first = "", ...rest] = [...AS_OTHER_USER, ...command];
  return execFileSync(first, rest, { encoding: "utf8" });
}

function why(): string | null {
  try {
    asOtherUser("true");
    return null;
  } catch {
    return "needs root and setpriv (util-linux)";
  }
}
