import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AppError } from "@/lib/domain/errors";
import type { StateHolder, StateOf } from "@/lib/domain/ports/host";
import { newSlice } from "@/lib/turns";
import { userOf } from "../files/user-folders";
import { uidOf } from "../processes/owner";
import type { Processes } from "../processes/processes";
import type { SupervisorPorts } from "../watch/ports";

/** How a process is told where its state is: by an argument, or by a variable. */
const ARGUMENTS = ["JOBDIR="];
const VARIABLES = ["CRAWLEE_STORAGE_DIR=", "UNSTUCK_CHECKPOINT="];

/**
 * A live process that was told to keep its state in the folder of such a run: two of them would ruin it. Found by its command line or
 * the environment it was started with, so one that was told in another way is not found. Nor is one of another user than the job's and root: with a
 * word in its command line any user could hold back the starts of others.
 * @param user the number of the user the job runs as
 * @param realCwd what `cwd` really is: it may have been told by either name
 * @returns null also for a `command`, whose checkpoint others may well look at, and where there is no /proc
 */
export async function findStateHolder(
  processes: Processes,
  { kind, cwd, checkpoint }: StateOf,
  user: number | undefined,
  realCwd: string | null = null,
): Promise<StateHolder | null> {
  if (kind === "command" || checkpoint === null || process.platform !== "linux") return null;
  const paths = new Set([cwd, realCwd ?? cwd].map((folder) => resolve(folder, checkpoint)));
  const slice = newSlice();
  for (const { pid } of await processes.list()) {
    if (pid !== process.pid && isTold(pid, paths) && [0, user].includes(uidOf(pid) ?? undefined)) {
      const seen = processes.describe(pid);
      if (seen?.isProcess) return { pid, command: seen.command };
    }
    if (slice.isOver()) await slice.next();
  }
  return null;
}

/** The same for a job whose user is known by name only. */
export async function seeStateHolder(
  { processes, files }: Pick<SupervisorPorts, "processes" | "files">,
  spec: StateOf,
): Promise<StateHolder | null> {
  const realCwd = await files
    .as(spec.runAs)
    .real(spec.cwd)
    .catch(() => null);
  const user = userOf({ spec }, files);
  const account = user === null ? null : await files.account(user).catch(() => null);
  return findStateHolder(processes, spec, user === null ? process.getuid?.() : account?.uid, realCwd);
}

/** @throws AppError FOREIGN_PROCESS */
export async function refuseHeldState(
  processes: Processes,
  spec: StateOf,
  user: number | undefined,
  realCwd: string | null,
): Promise<void> {
  const holder = await findStateHolder(processes, spec, user, realCwd);
  if (holder === null) return;
  const { pid, command } = holder;
  const message = `process ${pid} (${command}) still works in ${resolve(spec.cwd, spec.checkpoint ?? "")}. Two at once would ruin it: end that process first, or start fresh under another checkpoint`;
  throw new AppError("FOREIGN_PROCESS", message, { pid, command });
}

function isTold(pid: number, paths: ReadonlySet<string>): boolean {
  return says(`/proc/${pid}/cmdline`, ARGUMENTS, paths) || says(`/proc/${pid}/environ`, VARIABLES, paths);
}

/** Whole words only: `/jobs/shop` is not `/jobs/shop-2`. */
function says(file: string, names: readonly string[], paths: ReadonlySet<string>): boolean {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    // Ended meanwhile, or another user's.
    return false;
  }
  return [...paths].some(
    (path) => text.includes(path) && names.some((name) => `\0${text}\0`.includes(`\0${name}${path}\0`)),
  );
}
