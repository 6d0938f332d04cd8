import { type SeenProcess, SIGNAL_NUMBER } from "./seen-process";
import { partOf, setsSignalsBack } from "./wrappers";

/** What a shell without job control gives to read to what it starts in the background. */
const NOTHING = "/dev/null";
/** No one builds a longer pipeline; two may also read from each other. */
const LONGEST = 32;

/** How sure it is that a shell waits for a child; 0 where nothing tells. */
type Sign = "background" | 0 | 1 | 2;

/**
 * Those of its programs that a shell may be waiting for: the surest, or each where nothing tells them apart, since only one pipeline can be in the
 * foreground. Of a pipeline it is the first member. None: all of them run in the background.
 * @param children every process the shell has started, filters too
 */
export function inForeground(
  shell: SeenProcess,
  programs: readonly SeenProcess[],
  children: readonly SeenProcess[],
): readonly SeenProcess[] {
  const first = surestOf(shell, firstMembers(programs, children), 0);
  // One in the foreground may read from one in the background: `load < <(list)`.
  const front = first.length > 0 ? first : surestOf(shell, programs, 1);
  // Where their pipes cannot be seen several may be one pipeline.
  return front.every(({ input }) => input !== null) ? front : front.slice(0, 1);
}

function surestOf(shell: SeenProcess, among: readonly SeenProcess[], least: 0 | 1): readonly SeenProcess[] {
  const signs = among.map((child) => ({ child, sign: signOf(shell, child) }));
  const surest = Math.max(least, ...signs.map(({ sign }) => (sign === "background" ? least : sign)));
  return signs.filter(({ sign }) => sign === surest).map(({ child }) => child);
}

/** Those that read from none of the others, through whatever filters. */
export function firstMembers(
  programs: readonly SeenProcess[],
  children: readonly SeenProcess[],
): readonly SeenProcess[] {
  const first = programs.filter((program) => !isFed(program, programs, children));
  return first.length > 0 ? first : programs;
}

function isFed(
  reader: SeenProcess,
  programs: readonly SeenProcess[],
  children: readonly SeenProcess[],
): boolean {
  let at: SeenProcess | undefined = reader;
  for (let length = 0; at !== undefined && length < LONGEST; length += 1) {
    const { pid, input }: SeenProcess = at;
    at = isPipe(input) ? children.find((each) => each.pid !== pid && each.output === input) : undefined;
    if (at !== undefined && programs.includes(at)) return true;
  }
  return false;
}

export function isPipe(file: string | null): boolean {
  return file?.startsWith("pipe:") === true;
}

export function isInBackground(shell: SeenProcess, child: SeenProcess): boolean {
  return signOf(shell, child) === "background";
}

/**
 * A shell without job control makes what it starts in the background ignore SIGINT and SIGQUIT, and gives it nothing to read. Hardly a program changes
 * SIGQUIT, but some do: Node takes every default back, Go and Java handle it. What they read stays, and so does, with these two, an ignored SIGINT.
 * Of one list (`a & b & wait` in a line) bash gives an input to the first alone, so another Node program there passes for the one it waits for.
 */
function signOf(shell: SeenProcess, child: SeenProcess): Sign {
  if (child.ignores.has(ignoredInBackground(child))) return "background";
  const differs = shell.input !== null && shell.input !== NOTHING;
  if (differs && child.input === shell.input) return 2;
  if (!child.catches.has(SIGNAL_NUMBER.SIGQUIT) && !setsSignalsBack(child.argv)) return 1;
  const told = (differs && child.input === NOTHING) || child.ignores.has(SIGNAL_NUMBER.SIGINT);
  return told ? "background" : 0;
}

/** bash itself ignores SIGQUIT wherever it runs. */
function ignoredInBackground({ argv }: SeenProcess): number {
  return partOf(argv) === "shell" ? SIGNAL_NUMBER.SIGINT : SIGNAL_NUMBER.SIGQUIT;
}
