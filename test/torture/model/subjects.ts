import { join } from "node:path";
import { program } from "../../programs";

/** One job of the model: which program, under which locks, and what may be done to it. */
export type Subject = {
  readonly id: string;
  readonly argv: readonly string[];
  readonly locks: readonly string[];
  readonly timeouts: Readonly<Record<string, number>>;
  readonly pidFile: string | null;
  readonly cwd: string;
  readonly checkpoint: string | null;
  /** Whether any of these three lies on the mount that may hang. The programs themselves, and what they need to begin, never do. */
  readonly onMount: boolean;
};

type Path = "cwd" | "checkpoint" | "pidFile";
type Plan = {
  readonly argv: readonly string[];
  readonly timeouts?: Readonly<Record<string, number>>;
  readonly onMount?: readonly Path[];
};

const SILENCE_MS = 6_000;
const MAX_DURATION_MS = 8_000;

/** In this order, and again from the beginning when more jobs are asked for; `keeps-forking` only once, for the machine's sake. */
const PLANS: readonly Plan[] = [
  { argv: program("forever") },
  { argv: program("lasts", 0.4, 3) },
  { argv: program("ignores-term") },
  { argv: program("forks-setsid-grandchild") },
  { argv: ["become", ...program("clears-environment")] },
  { argv: program("exits-with", 0) },
  { argv: program("double-forks") },
  { argv: program("leaves-children", 4) },
  { argv: program("kills-itself", "SEGV") },
  { argv: program("writes-lines", 3_000) },
  { argv: program("speaks-once"), timeouts: { silenceMs: SILENCE_MS }, onMount: ["checkpoint"] },
  { argv: program("forever"), timeouts: { maxDurationMs: MAX_DURATION_MS } },
  { argv: program("stops-itself"), onMount: ["pidFile"] },
  { argv: program("saves-state", 4, 0), onMount: ["cwd", "checkpoint"] },
  { argv: program("keeps-forking") },
  { argv: program("saves-state"), onMount: ["checkpoint"] },
];
const ONLY_ONCE = "keeps-forking";

/**
 * @param folder outside of the data folder: journal and kernel locks must survive what happens to that one. Its `pids`, `work` and
 *   `mount` are where the jobs' own paths lie.
 */
export function makeSubjects(count: number, folder: string): Subject[] {
  return Array.from({ length: count }, (_, index) => subject(index, folder));
}

function subject(index: number, folder: string): Subject {
  const again = index >= PLANS.length;
  const chosen = PLANS[index % PLANS.length] ?? { argv: program("forever") };
  const plan = again && nameOf(chosen) === ONLY_ONCE ? { argv: program("forever") } : chosen;
  const id = `${String(index).padStart(2, "0")}-${nameOf(plan)}`;
  const locks = [...(index % 4 === 1 ? ["site-a"] : []), ...(index % 5 === 2 ? ["site-b"] : [])];
  return {
    id,
    argv: [...program("keeps-journal", folder, [id, ...locks].join(",")), ...plan.argv],
    locks,
    timeouts: { stopGraceMs: 700, ...plan.timeouts },
    cwd: join(folder, plan.onMount?.includes("cwd") ? "mount" : "work"),
    checkpoint: plan.onMount?.includes("checkpoint") ? join(folder, "mount", `${id}.json`) : null,
    pidFile: pidFileOf(plan, index, id, folder),
    onMount: plan.onMount !== undefined,
  };
}

function pidFileOf({ onMount }: Plan, index: number, id: string, folder: string): string | null {
  if (onMount?.includes("pidFile")) return join(folder, "mount", `${id}.pid`);
  return index % 3 === 0 ? join(folder, "pids", `${id}.pid`) : null;
}

function nameOf({ argv }: Plan): string {
  const path = argv[0] === "become" ? argv[1] : argv[0];
  return path?.split("/").at(-1) ?? "";
}
