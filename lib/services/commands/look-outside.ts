import { type AppError, isAppError } from "@/lib/domain/errors";
import { notAnsweringState } from "@/lib/domain/files";
import { type Job, toRunSpec } from "@/lib/domain/job";
import { pidFileOf } from "@/lib/domain/pid-file";
import type { Machine } from "@/lib/domain/ports/host";
import type { StateFacts } from "@/lib/domain/recovery";
import type { Run } from "@/lib/domain/run";
import { placeFor } from "@/lib/domain/state-place";

export type OutsideNeeds = Pick<Machine, "readState" | "checkCommand" | "checkPidFile">;

/**
 * What a start rests on outside the database. It is read before the transaction that decides, since that must not wait for any disk, and
 * holds for one version of the job and one newest run, whose settings never change.
 */
export type Outside = {
  readonly jobVersion: number;
  readonly newestId: Run["id"] | null;
  readonly state: StateFacts;
  /** Why nothing can be started, whatever is decided. */
  readonly refusal: AppError | null;
};

/**
 * @param byHand a terminal brings its own program, and goes on from nothing
 * @param inOldFolder it is to be launched in the folder of the run it goes on from
 */
export async function lookOutside(
  ctx: OutsideNeeds,
  job: Job,
  newest: Run | null,
  { args, byHand, inOldFolder }: Begins,
): Promise<Outside> {
  const read = byHand ? NO_STATE : ctx.readState(placeFor(job, newest));
  // Where it is to be launched is known only once its state was read.
  const old = inOldFolder ? oldFolderOf(await read) : null;
  const spec = toRunSpec(job, args, false);
  const [state, command, pidFile] = await Promise.all([
    read,
    byHand ? null : refusalOf(ctx.checkCommand(old === null ? spec : { ...spec, cwd: old })),
    refusalOf(ctx.checkPidFile(pidFileOf(spec))),
  ]);
  const refusal = command ?? pidFile ?? notAnsweringState(state);
  return { jobVersion: job.version, newestId: newest?.id ?? null, state, refusal };
}

type Begins = {
  readonly args: readonly string[];
  readonly byHand: boolean;
  readonly inOldFolder: boolean;
};

function oldFolderOf(state: StateFacts): string | null {
  return state.found === "elsewhere" ? state.oldFolder : null;
}

const NO_STATE = { found: "none", path: null } as const;

async function refusalOf(check: Promise<void>): Promise<AppError | null> {
  try {
    await check;
    return null;
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}

/** Whether what was read still speaks of these rows. */
export function holdsFor(outside: Outside, job: Job, newest: Run | null): boolean {
  return outside.jobVersion === job.version && outside.newestId === (newest?.id ?? null);
}
