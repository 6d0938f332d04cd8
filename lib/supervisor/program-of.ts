import { ancestorsOf, type Program, programOf } from "@/lib/domain/program";
import type { ProcessIdentity } from "@/lib/domain/run";
import type { SeenProcess } from "@/lib/domain/seen-process";
import type { SignalTarget, StopSignal } from "@/lib/domain/signal-profile";
import { type AskedSoFar, wasAsked } from "@/lib/domain/signals-sent";
import { partOf } from "@/lib/domain/wrappers";
import type { Processes, ProcessInfo, ProcessMakeup } from "./processes/processes";

type Ask = { readonly signal: StopSignal; readonly to: SignalTarget; readonly once: boolean };

/** Who gets a step's signal. @param once leaves out whoever would forward it to the program */
export function targetsOf(
  processes: Processes,
  members: readonly ProcessInfo[],
  root: ProcessIdentity | null,
  { signal, to, once }: Ask,
): readonly ProcessInfo[] {
  if (to === "tree" && !once) return members;
  const { asked, wrappers } = programIn(processes, members, root, signal);
  const pids = new Set(asked.map(({ pid }) => pid));
  const groups = new Set(asked.map(({ group }) => group));
  const above = new Set(once ? wrappers.map(({ pid }) => pid) : []);
  return members.filter(({ pid, group }) => {
    if (pids.has(pid)) return true;
    return !above.has(pid) && (to === "tree" || (to === "group" && groups.has(group)));
  });
}

/** Whoever was not asked yet. @param once but nobody above a process that was: it would get a second signal from there */
export function othersIn(
  members: readonly ProcessInfo[],
  sofar: AskedSoFar,
  once: boolean,
): readonly ProcessInfo[] {
  const asked = members.filter((each) => wasAsked(sofar, each));
  const above = new Set(once ? asked.flatMap(({ pid }) => ancestorsOf(members, pid)) : []);
  return members.filter((each) => !wasAsked(sofar, each) && !above.has(each));
}

/** The program that runs now, as far as it was not asked yet, and the shells above it that would start another. */
export function nextProgram(
  processes: Processes,
  members: readonly ProcessInfo[],
  root: ProcessIdentity | null,
  signal: StopSignal,
  sofar: AskedSoFar,
): { readonly shells: readonly ProcessInfo[]; readonly asked: readonly ProcessInfo[] } {
  const { asked, wrappers } = programIn(processes, members, root, signal);
  const fresh = (among: readonly SeenProcess[]) => {
    const pids = new Set(among.map(({ pid }) => pid));
    return members.filter((each) => pids.has(each.pid) && !wasAsked(sofar, each));
  };
  return { shells: fresh(wrappers.filter(({ argv }) => partOf(argv) === "shell")), asked: fresh(asked) };
}

function programIn(
  processes: Processes,
  members: readonly ProcessInfo[],
  root: ProcessIdentity | null,
  signal: StopSignal,
): Program {
  const seen = members.map((info) => seenProcess(processes, info));
  const known = seen.filter(({ pid, startTicks }) => pid === root?.pid && startTicks === root.startTicks);
  const pids = new Set(seen.map(({ pid }) => pid));
  const tops = known.length > 0 ? known : seen.filter(({ parent }) => !pids.has(parent));
  const programs = tops.map((top) => programOf(seen, top, signal));
  return {
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
