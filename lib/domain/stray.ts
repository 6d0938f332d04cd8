import { AppError } from "./errors";
import type { JobId, RunId } from "./ids";
import { isActive, type ProcessIdentity, type Run } from "./run";

/** What can be done about a process that no run owns. */
export const STRAY_REMEDIES = ["adopt", "stop"] as const;
export type StrayRemedy = (typeof STRAY_REMEDIES)[number];

/** Processes that carry one marker of this data folder and that no run owns. */
export type Stray = {
  /** The oldest of them that is not the launcher: the program, as a rule. It names the stray. */
  readonly identity: ProcessIdentity;
  readonly command: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** `<runId>.<token>` as they carry it. */
  readonly marker: string;
  /** The run they were started as, and its row where there is one. */
  readonly runId: RunId;
  readonly run: Run | null;
  /** By that row, else by what they carry. */
  readonly jobId: JobId | null;
  /** All of them, the launcher and those without a marker too; oldest first. */
  readonly members: readonly ProcessIdentity[];
  /** null: it is gone, or cannot be told. */
  readonly launcher: ProcessIdentity | null;
  /** The launcher lives and can still write down how the program ends. */
  readonly exitWillBeKnown: boolean;
  /** Someone has asked for its end, which is under way. */
  readonly ending: boolean;
};

/** What stands in the way of an adoption, found in the database; null: nothing. */
export type AdoptionObstacle = "no_job" | { readonly active: RunId } | null;

export type StrayVerdict = { readonly sentence: string; readonly can: readonly StrayRemedy[] };

/** Why it is a stray, and what the two remedies would do, in words. */
export function judgeStray(stray: Stray, obstacle: AdoptionObstacle): StrayVerdict {
  if (stray.ending) return { sentence: `${whyStray(stray)} It is being ended.`, can: ["stop"] };
  const stop = `Stop ends ${count(stray)} with everything below.`;
  const refused = adoptionRefused(stray, obstacle);
  if (refused !== null) return { sentence: `${whyStray(stray)} ${refused} ${stop}`, can: ["stop"] };
  const exit = stray.exitWillBeKnown
    ? "its exit code will be known"
    : "its exit code will not be known, because its launcher is gone or has nowhere to write";
  const adopt = `Adopt makes a new run of job "${stray.jobId}" of it, under its locks: ${exit}.`;
  return { sentence: `${whyStray(stray)} ${adopt} ${stop}`, can: ["adopt", "stop"] };
}

function whyStray({ run, runId, members }: Stray): string {
  if (run === null)
    return `It was started as ${runId}, which the database does not know: a backup was restored, or the run was deleted.`;
  if (isActive(run.state))
    return `It was started as ${runId} with another token than that run has now: the database is not the one it was started from.`;
  const lives = members.length === 1 ? "a process of it lives" : `${members.length} processes of it live`;
  return `It was started as ${runId}, which is ${run.state}, and yet ${lives}.`;
}

function count({ members }: Stray): string {
  return members.length === 1 ? "its process" : `its ${members.length} processes`;
}

/** In words why no run can be made of it; null when one can. */
function adoptionRefused({ jobId }: Stray, obstacle: AdoptionObstacle): string | null {
  if (jobId === null) return "It cannot be adopted: it does not say which job it belongs to.";
  if (obstacle === "no_job")
    return `It cannot be adopted: there is no job "${jobId}". Create that job first, then it can.`;
  if (obstacle !== null)
    return `It cannot be adopted: job "${jobId}" has the active run ${obstacle.active}. Stop that run first, or stop this stray.`;
  return null;
}

/** @throws AppError STRAY_REFUSED */
export function refuseAdoption(stray: Stray, obstacle: AdoptionObstacle): void {
  const why = stray.ending ? "It cannot be adopted: it is being ended." : adoptionRefused(stray, obstacle);
  if (why === null) return;
  const active = obstacle !== null && obstacle !== "no_job" ? obstacle.active : null;
  throw new AppError("STRAY_REFUSED", `${why} Nothing was changed.`, {
    stray: strayId(stray),
    job: stray.jobId,
    activeRun: active,
  });
}

export function strayId({ identity }: Pick<Stray, "identity">): string {
  return `${identity.pid}-${identity.startTicks}`;
}

/** The inverse of `strayId`; the text has its form. */
export function toIdentity(id: string): ProcessIdentity {
  const [pid, startTicks] = id.split("-");
  return { pid: Number(pid), startTicks: Number(startTicks) };
}
