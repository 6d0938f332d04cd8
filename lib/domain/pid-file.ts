import { AppError } from "./errors";
import type { JobId, RunId } from "./ids";
import type { Job } from "./job";
import { resolvePath } from "./paths";
import type { ProcessIdentity } from "./run";

/** A job's pid file, absolute, read and written as the user the job runs as. */
export type JobPidFile = { readonly path: string } & Pick<Job, "runAs">;

/** null: the job has none. */
export function pidFileOf({
  cwd,
  pidFile,
  runAs,
}: Pick<Job, "cwd" | "pidFile" | "runAs">): JobPidFile | null {
  return pidFile === null ? null : { path: resolvePath(cwd, pidFile), runAs };
}

/** A process behind a pid file that no run of ours has started: by hand, by cron, by a service manager. */
export type ForeignProcess = {
  readonly identity: ProcessIdentity;
  /** Its command line, shortened. */
  readonly command: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** False while it cannot be told whether the file was written by this process or by an earlier owner of its number. */
  readonly certain: boolean;
  /** Why not: the clock was set, or the file has a form that is not known. */
  readonly doubt: "clock" | "form" | null;
};

/** What a look at a pid file found. `why` completes the sentence "The pid file … : ". */
export type PidFileSight =
  | { readonly found: "nothing" }
  /** Not a plain file we may read: it is left exactly as it is. */
  | { readonly found: "refused"; readonly why: string }
  /** The disk or server it lies on does not answer. */
  | { readonly found: "unanswered"; readonly why: string }
  /** Names no process that could have written it. `pid` null: it names no process at all. */
  | { readonly found: "stale"; readonly why: string; readonly pid: number | null }
  | { readonly found: "ours"; readonly pid: number; readonly runId: RunId; readonly jobId: JobId }
  | { readonly found: "foreign"; readonly process: ForeignProcess };

/** Why nothing may be started under this pid file now; null when nothing speaks against it. */
export function pidFileObstacle(path: string, sight: PidFileSight): AppError | null {
  switch (sight.found) {
    case "refused":
      return new AppError(
        "PID_FILE_REFUSED",
        `The pid file ${path} cannot be used: ${sight.why}. Nothing was started and the file was left as it is. Put that right, or change the job's pidFile.`,
        { pidFile: path },
      );
    case "unanswered":
      return new AppError(
        "PATH_NOT_ANSWERING",
        `The pid file ${path} cannot be read: ${sight.why}. Nothing was started. The disk or server behind it has to answer first.`,
        { pidFile: path },
      );
    case "foreign":
      return foreignProcess(path, sight.process);
    case "ours":
      return new AppError(
        "FOREIGN_PROCESS",
        `The pid file ${path} names process ${sight.pid}, which belongs to run ${sight.runId} of job "${sight.jobId}". Stop that run first.`,
        { pidFile: path, pid: sight.pid, runId: sight.runId, job: sight.jobId },
      );
    default:
      return null;
  }
}

function foreignProcess(
  path: string,
  { identity: { pid }, command, certain, doubt }: ForeignProcess,
): AppError {
  const known = `It runs already, outside Unstuck: the pid file ${path} names process ${pid} (${command}). Stop it first; the job's Stop does that too.`;
  const unknownForm = `The pid file ${path} has a form that Unstuck does not know, and a number in it, ${pid}, is that of a live program (${command}) that was there before the file. Nothing was started, and the file was left as it is. Make sure, then remove the file or reset the job with force.`;
  const doubtful = `The pid file ${path} names process ${pid} (${command}), and because the clock was set it is uncertain whether that process wrote it. Make sure, then remove the file or reset the job with force.`;
  return new AppError("FOREIGN_PROCESS", certain ? known : doubt === "form" ? unknownForm : doubtful, {
    pidFile: path,
    pid,
    command,
    certain,
  });
}
