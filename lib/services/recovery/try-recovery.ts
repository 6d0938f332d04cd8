import { LOOK_AGAIN_MS, nextAttempt, type RecoveryRecord } from "@/lib/domain/auto-recovery";
import { type AppError, type ErrorCode, isAppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import { passes } from "@/lib/domain/passing";
import type { RecoveryChange } from "@/lib/domain/ports/recoveries";
import type { Run } from "@/lib/domain/run";
import { type StartNeeds, startJob } from "@/lib/services/commands/start-job";
import { type RecoveryNeeds, told } from "./decide";

/** What is in the way has to go first, which is no failure of ours. */
const OUTSIDE: readonly ErrorCode[] = ["FOREIGN_PROCESS", "PATH_NOT_ANSWERING", "HELD"];
/** Another decision came first. */
const DECIDED: readonly ErrorCode[] = [
  "NOTHING_TO_RESUME",
  "RUN_ALREADY_ACTIVE",
  "JOB_DISABLED",
  "JOB_NOT_FOUND",
];

/**
 * Starts what is planned, by the same service as any request: resumed if possible at this moment, else
 * started over.
 * @returns milliseconds until the next attempt; null: there is none to come
 * @throws what passes: nothing was decided then
 */
export async function tryRecovery(ctx: RecoveryNeeds & StartNeeds, id: JobId): Promise<number | null> {
  const record = await ctx.findRecovery(id);
  if (record?.state !== "waiting") return null;
  try {
    await startJob(ctx, id, {
      trigger: "recovery",
      automatic: true,
      mode: "auto",
      reason: record.reason ?? undefined,
      whenDiskFull: "wait",
    });
    return null;
  } catch (error) {
    if (!isAppError(error) || (passes(error) && !OUTSIDE.includes(error.code))) throw error;
    return refused(ctx, record, error);
  }
}

async function refused(ctx: RecoveryNeeds, tried: RecoveryRecord, error: AppError): Promise<number | null> {
  const change = await ctx.decideRecovery(tried.jobId, ({ newest, record }) => {
    // It was called off or carried out meanwhile.
    if (record?.state !== "waiting" || record.runId !== tried.runId) return null;
    if (newest === null || newest.id !== record.runId) return CALLED_OFF;
    if (DECIDED.includes(error.code)) return settled(record, newest);
    return OUTSIDE.includes(error.code)
      ? putOff(ctx, record, newest, error)
      : failed(ctx, record, newest, error);
  });
  return change?.waitMs ?? null;
}

const CALLED_OFF = { record: null, audit: null, event: null, waitMs: null };
/** Kept, so that a clean-up that is undone one day does not start the job out of the blue. */
function settled(record: RecoveryRecord, ended: Run): Answer {
  const reason = `${ended.id} was decided about (${ended.state}) before it was recovered.`;
  const next = { ...record, state: "stopped", nextAt: null, nextAction: null, reason } as const;
  return { ...told({ kind: "stopped", record: next }, ended, {}), waitMs: null };
}

type Answer = RecoveryChange & { readonly waitMs: number | null };

/** No attempt is counted, and it is told once. */
function putOff(ctx: RecoveryNeeds, record: RecoveryRecord, ended: Run, error: AppError): Answer {
  const reason = `Waits: ${error.message}`;
  const next = { ...record, reason, nextAt: ctx.now() + LOOK_AGAIN_MS };
  if (record.reason === reason) return { record: next, audit: null, event: null, waitMs: LOOK_AGAIN_MS };
  return told({ kind: "planned", record: next, waitMs: LOOK_AGAIN_MS }, ended, { code: error.code });
}

/** A start that is refused is an attempt like one that ends at once. */
function failed(ctx: RecoveryNeeds, record: RecoveryRecord, ended: Run, error: AppError): Answer {
  const streak = { ...record, attempts: record.attempts + 1 };
  const reason = `It could not be started: ${error.message}`;
  const action = record.nextAction ?? "restart";
  const after = nextAttempt(streak, action, reason, ctx.recoveryLimits, ctx.random(), ctx.now());
  return told(after, ended, { code: error.code });
}
