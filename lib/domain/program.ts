import { firstMembers, inForeground, isInBackground } from "./foreground";
import { type SeenProcess, SIGNAL_NUMBER } from "./seen-process";
import type { StopSignal } from "./signal-profile";
import { partOf } from "./wrappers";

/** Who is asked when the program is, and the wrappers above, outermost first: those end by themselves when it has ended. */
export type Program = { readonly asked: readonly SeenProcess[]; readonly wrappers: readonly SeenProcess[] };

/**
 * SIGXCPU and SIGVTALRM, for which scripts set no trap: with a trap for EXIT bash catches whatever would end it, runs that trap at once, and what
 * it was waiting for lives on without the folder the trap removes. So it is not asked.
 */
const CAUGHT_FOR_EXIT: readonly number[] = [24, 26];
/** No one nests deeper; processes may point at each other in a look that took a while. */
const DEEPEST = 32;
/** So many pids are never assigned within one tick: the counter has wrapped around between the two. */
const WRAPPED_AROUND = 16_000;

/**
 * The program of a run: from the process its launcher has started, through every wrapper that is known, to what they wrap. What is ambiguous
 * is decided in docs/supervision.md, "The program".
 * @param signal that it is about to get: a shell with a trap for it is asked as well
 */
export function programOf(seen: readonly SeenProcess[], root: SeenProcess, signal: StopSignal): Program {
  return step(seen, root, signal, 0);
}

function step(seen: readonly SeenProcess[], at: SeenProcess, signal: StopSignal, depth: number): Program {
  const children = seen.filter(({ parent, pid }) => parent === at.pid && pid !== at.pid).sort(byStart);
  // Most programs are alone. What they are need not be read then.
  if (depth > DEEPEST || children.length === 0) return { asked: [at], wrappers: [] };
  const part = partOf(at.argv);
  if (part !== "shell" && part !== "wrapper") return { asked: [at], wrappers: [] };
  const inner = (child: SeenProcess) => step(seen, child, signal, depth + 1);
  return part === "shell" ? insideShell(at, children, signal, inner) : insideWrapper(at, children, inner);
}

function insideWrapper(
  at: SeenProcess,
  children: readonly SeenProcess[],
  inner: (child: SeenProcess) => Program,
): Program {
  const child = children.find(({ argv }) => partOf(argv) !== "helper") ?? children[0];
  return child === undefined ? { asked: [at], wrappers: [] } : below(at, [inner(child)]);
}

/**
 * A shell waits for what it runs in the foreground and puts its traps off until then; what it runs in the background it does not
 * wait for, and each of those is a program.
 */
function insideShell(
  at: SeenProcess,
  children: readonly SeenProcess[],
  signal: StopSignal,
  inner: (child: SeenProcess) => Program,
): Program {
  const programs = children.filter(({ argv }) => !["helper", "pause"].includes(partOf(argv)));
  const front = inForeground(at, programs, children);
  if (front.length > 0) {
    const { asked, wrappers } = below(at, front.map(inner));
    return hasTrap(at, signal) ? { asked: [at, ...asked], wrappers } : { asked, wrappers };
  }
  if (programs.length > 0) {
    const each = firstMembers(programs, children);
    return hasTrap(at, signal) ? { asked: [at], wrappers: [] } : below(at, each.map(inner));
  }
  // Nothing but a pause: the script is the program, and would put its trap off until the pause is over.
  const pauses = children.filter((child) => partOf(child.argv) === "pause" && !isInBackground(at, child));
  return { asked: [at, ...pauses], wrappers: [] };
}

function below(at: SeenProcess, inner: readonly Program[]): Program {
  return {
    asked: inner.flatMap(({ asked }) => asked),
    wrappers: [at, ...inner.flatMap(({ wrappers }) => wrappers)],
  };
}

/** Every shell catches SIGINT while it waits, so there nothing can be told. */
function hasTrap({ catches }: SeenProcess, signal: StopSignal): boolean {
  return (
    signal !== "SIGINT" &&
    catches.has(SIGNAL_NUMBER[signal]) &&
    !CAUGHT_FOR_EXIT.every((own) => catches.has(own))
  );
}

function byStart(one: SeenProcess, other: SeenProcess): number {
  const ticks = one.startTicks - other.startTicks;
  if (ticks !== 0) return ticks;
  const pids = one.pid - other.pid;
  return Math.abs(pids) > WRAPPED_AROUND ? -pids : pids;
}

/** Those above a process, nearest first. */
export function ancestorsOf<Seen extends { readonly pid: number; readonly parent: number }>(
  seen: readonly Seen[],
  pid: number,
): Seen[] {
  const byPid = new Map(seen.map((each) => [each.pid, each]));
  const above: Seen[] = [];
  for (let at = byPid.get(byPid.get(pid)?.parent ?? 0); at !== undefined; at = byPid.get(at.parent)) {
    if (above.includes(at)) break;
    above.push(at);
  }
  return above;
}
