import { join } from "node:path";
import { AppError } from "@/lib/domain/errors";
import { type JobPidFile, pidFileObstacle } from "@/lib/domain/pid-file";
import type { ProcessIdentity, Run } from "@/lib/domain/run";
import { perRun } from "../files/per-run";
import { isAlive } from "../processes/processes";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched, Watchlist } from "../watch/watched";
import { folderProblem, removePidFile, writePidFile } from "./pid-file";
import { seePidFile } from "./see-pid-file";

/** What the last look at its pid file led to. */
type Kept = { written: boolean; told: string | null; keeping: Promise<void> | null };

const keptOf = perRun((_: Watched): Kept => ({ written: false, told: null, keeping: null }));

/**
 * May a run be started under this pid file now?
 * @param otherRun `may wait`: what another run of ours holds will be free when the lock on the file is
 * @throws AppError FOREIGN_PROCESS, PID_FILE_REFUSED, PATH_NOT_ANSWERING
 */
export async function checkPidFile(
  ports: Pick<SupervisorPorts, "processes" | "clock" | "files">,
  list: Watchlist,
  file: JobPidFile | null,
  otherRun: "refuse" | "may wait" = "refuse",
): Promise<void> {
  if (file === null) return;
  const { path } = file;
  const sight = await seePidFile(ports, list, file);
  if (sight.found === "ours" && otherRun === "may wait") return;
  const obstacle = pidFileObstacle(path, sight);
  if (obstacle !== null) throw obstacle;
  const problem = await folderProblem(ports.files.as(file.runAs), path);
  if (problem === null) return;
  const message = `The pid file ${path} cannot be written: ${problem}. Nothing was started. Make the folder, or change the job's pidFile.`;
  throw new AppError("PID_FILE_REFUSED", message, { pidFile: path });
}

/**
 * Makes the pid file of a live run name the run's program: at its start, at its adoption, and again whenever
 * another program has removed or overwritten it. What belongs to another process is left alone and reported
 * once. Never throws; one look at a time.
 */
export function keepPidFile(ports: SupervisorPorts, list: Watchlist, watched: Watched): Promise<void> {
  const path = watched.run.spec.pidFile;
  const { payload } = watched.tree;
  if (path === null || payload === null || !isAlive(ports.processes, payload)) return Promise.resolve();
  const kept = keptOf(watched);
  kept.keeping ??= keep(ports, list, watched, path, payload)
    .catch((error: unknown) => {
      ports.log.error({ runId: watched.run.id, error: String(error) }, "pid_file.not_kept");
    })
    .finally(() => {
      kept.keeping = null;
    });
  return kept.keeping;
}

async function keep(
  ports: SupervisorPorts,
  list: Watchlist,
  watched: Watched,
  path: string,
  payload: ProcessIdentity,
): Promise<void> {
  const { runAs } = watched.run.spec;
  const sight = await seePidFile(ports, list, { path, runAs });
  // It may have ended during the look, and its file must not come back then.
  if (!isAlive(ports.processes, payload)) return;
  // A program that keeps the file itself may name any process of its own.
  if (sight.found === "ours" && sight.runId === watched.run.id) {
    keptOf(watched).written = true;
    return;
  }
  if (sight.found === "unanswered") {
    tellOnce(ports, watched, "pid_file_failed", { pidFile: path, found: sight.why });
    return;
  }
  const inTheWay = pidFileObstacle(path, sight)?.message ?? null;
  if (inTheWay !== null) {
    tellOnce(ports, watched, "pid_file_taken", { pidFile: path, found: inTheWay });
    return;
  }
  try {
    await writePidFile(ports.files.as(runAs), path, payload.pid);
  } catch (error) {
    tellOnce(ports, watched, "pid_file_failed", { pidFile: path, found: String(error) });
    return;
  }
  if (sight.found === "stale")
    tellOnce(ports, watched, "pid_file_replaced", { pidFile: path, pid: sight.pid, found: sight.why });
  else if (keptOf(watched).written) tellOnce(ports, watched, "pid_file_restored", { pidFile: path });
  keptOf(watched).written = true;
}

/**
 * The run is over: its pid file goes, if it still names its program and no other process has that number now.
 */
export async function releasePidFile(
  ports: SupervisorPorts,
  list: Watchlist,
  watched: Watched,
): Promise<void> {
  const { run, tree } = watched;
  const pid = (run.process ?? tree.payload)?.pid ?? null;
  if (pid === null) return;
  // A write under way must be done first.
  await keptOf(watched).keeping;
  for (const path of pidFilesOf(run)) await release(ports, list, run, path, pid);
}

/** By its job's name, under which others look for it; and where that led when the run was launched. */
function pidFilesOf({ spec: { pidFile, cwd }, realCwd }: Run): readonly string[] {
  if (pidFile === null) return [];
  if (realCwd === null || realCwd === cwd || !pidFile.startsWith(`${cwd}/`)) return [pidFile];
  return [pidFile, join(realCwd, pidFile.slice(cwd.length))];
}

async function release(
  ports: SupervisorPorts,
  list: Watchlist,
  run: Run,
  path: string,
  pid: number,
): Promise<void> {
  const { runAs } = run.spec;
  const sight = await seePidFile(ports, list, { path, runAs });
  if (sight.found === "foreign" || (sight.found === "ours" && sight.runId !== run.id)) return;
  try {
    await removePidFile(ports.files.as(runAs), path, pid);
  } catch (error) {
    // It stays and is stale: the next start replaces it.
    ports.log.warn({ runId: run.id, pidFile: path, error: String(error) }, "pid_file.not_removed");
  }
}

/** A sweep comes every two seconds; the same finding is written down once. */
function tellOnce(
  ports: SupervisorPorts,
  watched: Watched,
  type: string,
  data: Readonly<Record<string, unknown>> & { readonly found?: string },
): void {
  const told = `${type} ${data.found ?? ""}`;
  if (keptOf(watched).told === told) return;
  keptOf(watched).told = told;
  ports.log.warn({ runId: watched.run.id, ...data }, `run.${type}`);
  void ports.records.note(watched.run.id, type, data).catch((error: unknown) => {
    keptOf(watched).told = null;
    ports.log.error({ runId: watched.run.id, error: String(error) }, "write.failed");
  });
}
