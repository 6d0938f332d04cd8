import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { getPriority } from "node:os";
import { join } from "node:path";
import type { Run } from "@/lib/domain/run";
import type { RunFiles } from "../files/run-files";
import { failedWith } from "../files/system-error";
import { type GroupFolder, writeInto } from "../host/group";
import type { SupervisorPorts } from "./ports";

/** By what a run's memory is limited: its whole tree by the kernel's group, each process by itself, or not. */
export const MEMORY_LIMITS = ["cgroup", "rlimit", "none"] as const;

export type AppliedLimits = {
  readonly memory: (typeof MEMORY_LIMITS)[number];
  readonly memoryBytes: number | null;
  /** Why memory is limited that way, for people; null when no limit was asked for. */
  readonly why: string | null;
  readonly openFiles: number | null;
  readonly nice: number | null;
};

/**
 * Writes down what the run's launcher has to do before the program begins, entering its group among it. The launcher tries every limit
 * first and refuses the start when one cannot be had: a run never goes on without a limit its job asks for.
 * @returns what is in force if it starts; null when the job asks for nothing
 */
export function prepareLimits(
  { cgroups }: SupervisorPorts,
  run: Run,
  files: RunFiles,
  group: GroupFolder | null,
): AppliedLimits | null {
  if (group !== null) writeFileSync(join(files.folder, "cgroup"), `${group}\n`);
  else rmSync(join(files.folder, "cgroup"), { force: true });
  const { memoryBytes, openFiles, nice } = run.spec.limits;
  if (memoryBytes === null && openFiles === null && nice === null) return null;
  const byGroup = memoryBytes !== null && group !== null && limitMemory(group, memoryBytes);
  const lines = [
    ...(nice === null ? [] : [`nice ${nice - getPriority()} ${nice}`]),
    ...(openFiles === null ? [] : [`files ${openFiles}`]),
    ...(memoryBytes === null ? [] : [byGroup ? `cgroup ${group}` : `data ${Math.ceil(memoryBytes / 1_024)}`]),
  ];
  writeFileSync(join(files.folder, "limits"), `${lines.join("\n")}\n`);
  const memory = memoryBytes === null ? "none" : byGroup ? "cgroup" : "rlimit";
  return { memory, memoryBytes, why: memoryWords(memory, cgroups.why), openFiles, nice };
}

/**
 * Over the limit the whole group goes, not one process of it: a browser killed under its scraper leaves a tree that waits for
 * ever. Without swap, because a limit that swaps is a slow machine for everybody.
 */
function limitMemory(group: GroupFolder, bytes: number): boolean {
  if (!writeInto(join(group, "memory.max"), String(bytes))) return false;
  writeInto(join(group, "memory.swap.max"), "0");
  writeInto(join(group, "memory.oom.group"), "1");
  return true;
}

function memoryWords(memory: AppliedLimits["memory"], why: string): string | null {
  if (memory === "none") return null;
  if (memory === "cgroup") return "The whole tree together, by its cgroup.";
  return `Each process by itself, its data and the stacks of its threads, used or not (RLIMIT_DATA), because ${why}.`;
}

const REFUSED: Readonly<Record<string, string>> = {
  cwd: "the working folder could not be entered (it was there a moment before)",
  nice: "the job's nice value is not permitted: only root may go below the dashboard's own. Choose a higher one",
  files: "the job's limit of open files is above what this user may have (ulimit -Hn). Choose a lower one",
  data: "the job's memory limit could not be set (ulimit -d). Choose another",
  cgroup: "the run's cgroup could not be entered, so its memory limit would not hold",
};

/** What RLIMIT_DATA leaves each process of a run, in bytes; null: its memory is not limited that way, or that cannot be read now. */
export function limitOfEachProcess(files: RunFiles, { spec }: Pick<Run, "spec">): number | null {
  try {
    const byProcess = /^data \d/m.test(readFileSync(join(files.folder, "limits"), "latin1"));
    return byProcess ? spec.limits.memoryBytes : null;
  } catch {
    return null;
  }
}

/** What the launcher would not do, in words; null when it refused nothing. */
export function refusedLimit(files: RunFiles): string | null {
  const file = join(files.folder, "refused");
  if (!existsSync(file)) return null;
  const order = readFileSync(file, "latin1").trim();
  return REFUSED[order] ?? `the launcher could not set the limit "${order}"`;
}

/** The group a run was given, by this dashboard or one before it; null when it has none, undefined when that cannot be read now. */
export function groupOf(files: RunFiles): GroupFolder | null | undefined {
  try {
    return readFileSync(join(files.folder, "cgroup"), "utf8").trimEnd();
  } catch (error) {
    return failedWith(error, "ENOENT") ? null : undefined;
  }
}
