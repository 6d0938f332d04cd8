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
    ...[...rows.runs.values()].filter((run) => !isFinal(run)).flatMap((run) => ofActive(run, alive, rows)),
    ...members.filter(({ runId }) => isOver(rows, runId)).map(outlives),
  ];
}

function ofActive(run: RunRow, alive: ReadonlySet<string>, rows: Rows): string[] {
  if (run.state === "queued") {
    const heldByOthers = rows.locks.some(({ name, runId }) => run.locks.includes(name) && runId !== run.id);
    return heldByOthers ? [] : [`${run.id} (${run.jobId}) is queued although all its locks are free`];
  }
  if (run.state === "starting") return [`${run.id} (${run.jobId}) is starting`];
  // One that has cleared its environment is known by its pid alone.
  if (alive.has(run.id) || (run.pid !== null && isRunning(run.pid))) return [];
  return [`${run.id} (${run.jobId}) is ${run.state} without a process`];
}

function isOver(rows: Rows, runId: string): boolean {
  const run = rows.runs.get(runId);
  return run === undefined || isFinal(run);
}

function outlives({ pid, runId, command }: Member): string {
  return `process ${pid} (${command}) of ${runId} lives, but that is over`;
}
