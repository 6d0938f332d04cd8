import { setTimeout as wait } from "node:timers/promises";
import type { ProcessIdentity } from "@/lib/domain/run";
import { type GroupFolder, isInhabited, killGroup } from "../host/group";
import { isAlive, type Processes, type ProcessInfo, seeWhole } from "../processes/processes";
import { signalProcess } from "../processes/signal";

const KILL_EVERY_MS = 20;
/** Where none was found in a look that may have missed someone. */
export const EMPTY_SCANS = 3;
/** A tree that had to be killed may hold a program that forks and ends faster than a busy machine lets us look. */
const EMPTY_SCANS_AFTER_A_KILL = 15;
const UNKILLABLE_AFTER_MS = 5_000;
const UNKILLABLE_EVERY_MS = 1_000;
const LAUNCHER_ALLOWANCE_MS = 5_000;

export type KillHow = {
  /** Who belongs to it now, without a launcher that is to live: called again before every round. */
  find(): Promise<readonly ProcessInfo[]>;
  /**
   * Its cgroup, where it has one: the kernel kills all of it in one step, and proves with the scans that none
   * is left.
   */
  group?(): GroupFolder | null;
  /** They are about to be killed for the first time. */
  beforeKill?(members: readonly ProcessInfo[], inhabited: boolean): Promise<void>;
  /** All that is left has survived SIGKILL for seconds; told once. It is looked for again and again, but not fifty times a second. */
  unkillable(members: readonly ProcessInfo[]): Promise<void>;
};

/**
 * Kills every member in a loop, because a one-time snapshot misses what forks meanwhile, until none was found in a look that can have missed none, or
 * in several that may have. What hangs in the kernel, or belongs to another user, is waited for without end.
 * @returns how many were killed, and whether nothing is left; false: the dashboard is going down
 */
export async function killUntilGone(
  processes: Processes,
  how: KillHow,
  abort: AbortSignal,
): Promise<{ readonly killed: number; readonly gone: boolean }> {
  const survivors = survivorsOf();
  let killed = 0;
  let announced = false;
  let told = false;
  for (let empty = 0; ; ) {
    if (abort.aborted) return { killed, gone: false };
    const { seen: members, whole } = await seeWhole(processes, () => how.find());
    const group = how.group?.() ?? null;
    const inhabited = group !== null && isInhabited(group);
    empty = members.length === 0 && !inhabited ? empty + 1 : 0;
    if (abort.aborted) return { killed, gone: false };
    if (empty > 0 && (whole || empty >= enough(killed))) return { killed, gone: true };
    if (!announced && empty === 0) await how.beforeKill?.(members, inhabited);
    announced ||= empty === 0;
    if (inhabited && killGroup(group)) killed += 1;
    killed += members.filter((member) => signalProcess(processes, member, "SIGKILL") === "sent").length;
    const stubborn = survivors.areAll(members);
    if (stubborn && !told) await how.unkillable(members);
    told ||= stubborn;
    await wait(stubborn ? UNKILLABLE_EVERY_MS : KILL_EVERY_MS);
  }
}

function enough(killed: number): number {
  return killed > 0 ? EMPTY_SCANS_AFTER_A_KILL : EMPTY_SCANS;
}

/**
 * When each was first killed: only one that survives that for long hangs; what forks is always a new process.
 */
function survivorsOf() {
  let hitAt = new Map<string, number>();
  return {
    areAll(members: readonly ProcessInfo[]): boolean {
      const now = performance.now();
      // Only those that are there: of a fork bomb there are new ones in every look.
      hitAt = new Map(members.map((member) => [nameOf(member), hitAt.get(nameOf(member)) ?? now]));
      return hitAt.size > 0 && [...hitAt.values()].every((at) => now - at > UNKILLABLE_AFTER_MS);
    },
  };
}

function nameOf({ pid, startTicks }: ProcessInfo): string {
  return `${pid}:${startTicks}`;
}

/**
 * With its program gone a launcher writes the record and ends; one that does neither (stopped, broken) is ended too.
 * @param wake lets it go on where it is stopped
 * @param pause waits so many milliseconds, or until there is news of it
 * @returns `killed`: what it had started to write its record may still be there; `abandoned`: the dashboard is going down
 */
export async function releaseLauncher(
  processes: Processes,
  launcher: ProcessIdentity | null,
  wake: (launcher: ProcessIdentity) => void,
  abort: AbortSignal,
  pause: (ms: number) => Promise<unknown> = wait,
): Promise<"ended" | "killed" | "abandoned"> {
  const deadline = performance.now() + LAUNCHER_ALLOWANCE_MS;
  let killed = false;
  while (launcher !== null && isAlive(processes, launcher)) {
    if (abort.aborted) return "abandoned";
    if (performance.now() > deadline)
      killed = signalProcess(processes, launcher, "SIGKILL") === "sent" || killed;
    else wake(launcher);
    await pause(KILL_EVERY_MS);
  }
  return killed ? "killed" : "ended";
}
