import type { ProcessIdentity } from "@/lib/domain/run";
import { type GroupFolder, pidsIn } from "../host/group";
import { isAlive, isDead, type Processes, type ProcessInfo } from "./processes";

/** How a run's processes are recognised. */
export type Tree = {
  /** `<runId>.<token>`: in the environment of everything the run starts, unless a program clears it. */
  readonly marker: string;
  launcher: ProcessIdentity | null;
  /** The program itself, wherever it has moved to and whatever it has cleared. */
  payload: ProcessIdentity | null;
  /** What carries its output into the log, where it goes through a pipe: of the launcher, and no more a member than that. */
  pump?: ProcessIdentity | null;
  /**
   * Sessions led by members seen in the scan before, so that the rest of one is found after its leader has gone; each with its
   * leader's start ticks, since the number alone may name another session by the next scan.
   */
  readonly sessions: Map<number, number>;
  /**
   * The run's own cgroup, where it has one: every process in it was started by the run, whatever it has
   * hidden. null: it has none; undefined: that is not known yet.
   */
  group?: GroupFolder | null | undefined;
};

/** What never counts: init, and this program, whose number is its own for as long as it can look. No other number is believed. */
const NEVER = new Set([0, 1, process.pid]);
const NOBODY: ReadonlySet<number> = new Set();

/**
 * Every live process of a run except its launcher and the pump of its log: those with its marker, those in the launcher's session or group, its
 * children, those in its cgroup, and all that descend from one of them or are in a session one of them leads.
 */
export async function findMembers(processes: Processes, tree: Tree): Promise<ProcessInfo[]> {
  // A launcher that is not known yet may have had another program's environment in that scan: it gets its marker without a new process.
  const before = tree.launcher === null ? null : processes.lastWhole();
  if (before === null) return membersAmong(await processes.list(), processes, tree);
  const { launcher } = tree;
  // While it lives, its children are its tools; once it is gone, they are what its program made of them.
  const isOver = launcher !== null && !isAlive(processes, launcher);
  const known = isOver ? before.filter((info) => !isSame(info, launcher)) : before;
  return membersAmong(known, processes, tree).flatMap((info) => stillThere(processes, info) ?? []);
}

function stillThere(processes: Processes, known: ProcessInfo): ProcessInfo | null {
  const now = processes.read(known.pid);
  return now === null || isDead(now) || now.startTicks !== known.startTicks ? null : { ...known, ...now };
}

/** The same among processes that a scan has just found. */
export function membersAmong(found: readonly ProcessInfo[], processes: Processes, tree: Tree): ProcessInfo[] {
  const all = found.filter((info) => !NEVER.has(info.pid));
  forgetEndedSessions(tree, all);
  const inGroup = tree.group == null ? NOBODY : pidsIn(tree.group);
  const members = new Map<number, ProcessInfo>();
  const others: ProcessInfo[] = [];
  // While the launcher lives, its number cannot be anybody else's session; once it is gone, only marks count.
  const launcher = all.find((info) => isSame(info, tree.launcher));
  const launcherLives = launcher !== undefined;
  // One started by hand leads none: the session it is in is the terminal's, with everything a person does there.
  if (launcherLives && launcher.session === launcher.pid)
    tree.sessions.set(launcher.pid, launcher.startTicks);
  const tools = launcherLives ? toolsOf(tree, all) : NOBODY;
  for (const info of all) {
    if (isSame(info, tree.launcher) || isSame(info, tree.pump ?? null) || tools.has(info.pid)) continue;
    // Its child too: a program that clears its environment and leaves the session has no other mark.
    const near = launcherLives && (info.group === tree.launcher?.pid || info.parent === tree.launcher?.pid);
    if (
      near ||
      inGroup.has(info.pid) ||
      isSame(info, tree.payload) ||
      markerOf(processes, info) === tree.marker
    )
      members.set(info.pid, info);
    else others.push(info);
  }
  close(processes, members, others, tree);
  for (const info of members.values())
    if (info.session === info.pid) tree.sessions.set(info.pid, info.startTicks);
  return [...members.values()];
}

/**
 * What the launcher has started for itself, to write the exit code down: once its program has ended, all its children, with what is below them. What
 * a program leaves behind gets another parent, unless it was made with CLONE_PARENT: so an end is looked at again when the launcher is gone.
 */
function toolsOf({ launcher, payload }: Tree, all: readonly ProcessInfo[]): ReadonlySet<number> {
  if (launcher === null || payload === null || all.some((info) => isSame(info, payload))) return NOBODY;
  const tools = new Set<number>();
  const isOne = ({ parent }: ProcessInfo) => tools.has(parent) || parent === launcher.pid;
  for (let known = -1; known < tools.size; ) {
    known = tools.size;
    for (const info of all) if (isOne(info)) tools.add(info.pid);
  }
  return tools;
}

function isSame(info: ProcessInfo, identity: ProcessIdentity | null): boolean {
  return identity !== null && info.pid === identity.pid && info.startTicks === identity.startTicks;
}

/** Adds children of members and sessions of members until nothing is added; another run's processes stay out. */
function close(
  processes: Processes,
  members: Map<number, ProcessInfo>,
  others: ProcessInfo[],
  tree: Tree,
): void {
  let candidates = others;
  for (let added = members.size > 0 || tree.sessions.size > 0; added; ) {
    added = false;
    const rest: ProcessInfo[] = [];
    for (const info of candidates) {
      const led = members.has(info.session) || tree.sessions.has(info.session);
      if (!(members.has(info.parent) || led) || isForeign(processes, info, tree)) {
        rest.push(info);
        continue;
      }
      members.set(info.pid, info);
      added = true;
    }
    candidates = rest;
  }
}

function isForeign(processes: Processes, info: ProcessInfo, tree: Tree): boolean {
  const marker = markerOf(processes, info);
  return marker !== null && marker !== tree.marker;
}

/** As the scan read it: asked again, one that is just becoming another program would have none, and no number of changes would tell. */
function markerOf(processes: Processes, { pid, marker }: ProcessInfo): string | null {
  return marker === undefined ? processes.marker(pid) : marker;
}

/**
 * A session number is not reused while a process is in the session, so it is remembered exactly that long. A
 * process that has the number and another start proves that the session ended in between and a stranger leads
 * the one that has its number now.
 */
function forgetEndedSessions({ sessions }: Tree, all: readonly ProcessInfo[]): void {
  const inhabited = new Set(all.map((info) => info.session));
  for (const session of sessions.keys()) if (!inhabited.has(session)) sessions.delete(session);
  for (const { pid, startTicks } of all)
    if (sessions.has(pid) && sessions.get(pid) !== startTicks) sessions.delete(pid);
}
