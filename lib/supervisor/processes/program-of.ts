import { isPipe } from "@/lib/domain/foreground";
import { ancestorsOf, type Program, programOf } from "@/lib/domain/program";
import type { ProcessIdentity } from "@/lib/domain/run";
import type { SeenProcess } from "@/lib/domain/seen-process";
import type { SignalTarget, StopSignal } from "@/lib/domain/signal-profile";
import { type AskedSoFar, isAmong, wasAsked } from "@/lib/domain/signals-sent";
import { partOf } from "@/lib/domain/wrappers";
import type { Processes, ProcessInfo, ProcessMakeup } from "./processes";

type Ask = { readonly signal: StopSignal; readonly to: SignalTarget; readonly once: boolean };

/** Whom a step's signal is for, and who is there beside the program and its wrappers: helpers, later members of its pipeline, children. */
export type Targets = { readonly targets: readonly ProcessInfo[]; readonly beside: readonly ProcessInfo[] };

/** @param once leaves out processes that would forward it to the program */
export function targetsOf(
  processes: Processes,
  members: readonly ProcessInfo[],
  root: ProcessIdentity | null,
  { signal, to, once }: Ask,
): Targets {
  if (to === "tree" && !once) return { targets: members, beside: [] };
  const { asked, wrappers } = programIn(processes, members, root, signal);
  const pids = new Set(asked.map(({ pid }) => pid));
  const groups = new Set(asked.map(({ group }) => group));
  const above = new Set(wrappers.map(({ pid }) => pid));
  const isTarget = ({ pid, group }: ProcessInfo) => {
    if (pids.has(pid)) return true;
    return !(once && above.has(pid)) && (to === "tree" || (to === "group" && groups.has(group)));
  };
  return {
    targets: members.filter(isTarget),
    beside: members.filter(({ pid }) => !pids.has(pid) && !above.has(pid)),
  };
}

/**
 * Whether one of them may be about to become another program: a shell has forked, and the child, still with the shell's command line, has not
 * executed anything yet. A subshell that runs only what the shell itself can do looks the same, for longer.
 */
export function mayBeForking(
  processes: Pick<Processes, "makeup">,
  members: readonly ProcessInfo[],
  targets: readonly ProcessInfo[],
): boolean {
  const lineOf = (pid: number) => processes.makeup(pid)?.argv.join("\0") ?? "";
  return targets.some(({ pid, parent }) => {
    if (!members.some((member) => member.pid === parent)) return false;
    const line = lineOf(pid);
    // In the middle of exec it has none.
    return line === "" || line === lineOf(parent);
  });
}

/**
 * Those not asked yet.
 * @param once but none above a process that was: it would get a second signal from there
 */
export function othersIn(
  members: readonly ProcessInfo[],
  sofar: AskedSoFar,
  once: boolean,
): readonly ProcessInfo[] {
  const asked = members.filter((each) => wasAsked(sofar, each));
  const above = new Set(once ? asked.flatMap(({ pid }) => ancestorsOf(members, pid)) : []);
  return members.filter((each) => !wasAsked(sofar, each) && !above.has(each));
}

/**
 * The program that was started after the one that was asked, and the shells above it that would start
 * another; empty if there is none.
 * @param beside who was there beside the one that was asked: they are no next program, and may have its last to read
 */
export function nextProgram(
  processes: Processes,
  members: readonly ProcessInfo[],
  root: ProcessIdentity | null,
  signal: StopSignal,
  sofar: AskedSoFar,
  beside: readonly ProcessIdentity[],
): { readonly shells: readonly ProcessInfo[]; readonly asked: readonly ProcessInfo[] } {
  const { seen, asked, wrappers } = programIn(processes, members, root, signal);
  const fresh = (among: readonly SeenProcess[]) => {
    const pids = new Set(among.map(({ pid }) => pid));
    return members.filter((each) => pids.has(each.pid) && !wasAsked(sofar, each) && !isAmong(beside, each));
  };
  const next = fresh(asked.filter((each) => !awaitsReaders(each, seen, beside)));
  if (next.length === 0) return { shells: [], asked: [] };
  return { shells: fresh(wrappers.filter(({ argv }) => partOf(argv) === "shell")), asked: next };
}

/** A shell that has not gone on yet: it waits for those that read what its program has written last, such as gzip. */
function awaitsReaders(
  { pid, argv, input, output }: SeenProcess,
  seen: readonly SeenProcess[],
  beside: readonly ProcessIdentity[],
): boolean {
  if (partOf(argv) !== "shell") return false;
  const children = seen.filter(({ parent }) => parent === pid);
  if (!children.every((child) => isAmong(beside, child))) return false;
  // What reads from the shell itself ends after it.
  return children.some((child) => isPipe(child.input) && child.input !== output && child.input !== input);
}

function programIn(
  processes: Processes,
  members: readonly ProcessInfo[],
  root: ProcessIdentity | null,
  signal: StopSignal,
): Program & { readonly seen: readonly SeenProcess[] } {
  const seen = members.map((info) => seenProcess(processes, info));
  const known = seen.filter(({ pid, startTicks }) => pid === root?.pid && startTicks === root.startTicks);
  const pids = new Set(seen.map(({ pid }) => pid));
  const tops = known.length > 0 ? known : seen.filter(({ parent }) => !pids.has(parent));
  const programs = tops.map((top) => programOf(seen, top, signal));
  return {
    seen,
    asked: programs.flatMap(({ asked }) => asked),
    wrappers: programs.flatMap(({ wrappers }) => wrappers),
  };
}

const UNSEEN: ProcessMakeup = { argv: [], catches: new Set(), ignores: new Set(), input: null, output: null };

/** Only those that matter are read: a tree may have thousands of processes. */
function seenProcess(processes: Processes, info: ProcessInfo): SeenProcess {
  let makeup: ProcessMakeup | null = null;
  const read = () => {
    makeup ??= processes.makeup(info.pid) ?? UNSEEN;
    return makeup;
  };
  return {
    ...info,
    get argv() {
      return read().argv;
    },
    get catches() {
      return read().catches;
    },
    get ignores() {
      return read().ignores;
    },
    get input() {
      return read().input;
    },
    get output() {
      return read().output;
    },
  };
}
