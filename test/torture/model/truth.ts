import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "../../processes";
import { isFinal, type Rows, type RunRow, readRows } from "./database";
import { type Member, membersOfRuns } from "./tree";

/**
 * Where database and processes say different things. For a moment they may, while something is on its way; in quiet they must
 * not for longer than a sweep takes.
 */
export function differences(folder: string, database: string): string[] {
  const members = membersOfRuns(folder);
  const rows = readRows(database, Number.MAX_SAFE_INTEGER);
  const alive = new Set(members.map(({ runId }) => runId));
  return [
    ...[...rows.runs.values()]
      .filter((run) => !isFinal(run))
      .flatMap((run) => ofActive(run, alive, rows, folder)),
    ...members.filter(({ runId }) => isOver(rows, runId)).map(outlives),
  ];
}

function ofActive(run: RunRow, alive: ReadonlySet<string>, rows: Rows, folder: string): string[] {
  if (run.state === "queued") {
    const heldByOthers = rows.locks.some(({ name, runId }) => run.locks.includes(name) && runId !== run.id);
    return heldByOthers ? [] : [`${run.id} (${run.jobId}) is queued although all its locks are free`];
  }
  if (run.state === "starting") return [`${run.id} (${run.jobId}) is starting`];
  // One that has cleared its environment is known by its pid alone.
  if (alive.has(run.id) || (run.pid !== null && isRunning(run.pid))) return [];
  if (isLockHeld(join(folder, `${run.jobId}.lock`))) return [];
  return [`${run.id} (${run.jobId}) is ${run.state} without a process`];
}

/** What forks faster than a look at /proc can follow still holds the kernel's lock of its job. */
function isLockHeld(file: string): boolean {
  try {
    const { ino } = statSync(file);
    return new RegExp(`FLOCK .*:${ino} `).test(readFileSync("/proc/locks", "utf8"));
  } catch {
    return false;
  }
}

function isOver(rows: Rows, runId: string): boolean {
  const run = rows.runs.get(runId);
  return run === undefined || isFinal(run);
}

function outlives({ pid, runId, command }: Member): string {
  return `process ${pid} (${command}) of ${runId} lives, but that is over`;
}
