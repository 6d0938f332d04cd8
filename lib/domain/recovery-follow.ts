import { isArmed, type RecoveryRecord } from "./auto-recovery";
import { AppError } from "./errors";
import type { Job } from "./job";
import type { RecoveryChange, RecoveryFound } from "./ports/recoveries";
import type { NewAlert } from "./ports/stuck";
import { isFinal, type Run } from "./run";

/**
 * A new run: the recovery's own goes on with the streak, any other ends it.
 * @param before the job's newest run until now
 * @returns null: there is nothing to change
 * @throws AppError NOTHING_TO_RESUME when the recovery was called off, or another request has decided about `before`
 */
export function afterStart(
  record: RecoveryRecord | null,
  run: Run,
  before: Run | null,
): RecoveryChange | null {
  if (run.trigger === "recovery") return recovers(record, run, before);
  return record === null ? null : calledOff(record, run.actor, `${run.id} was started by ${run.actor}.`);
}

function recovers(record: RecoveryRecord | null, run: Run, before: Run | null): RecoveryChange {
  if (record?.state !== "waiting" || before === null || record.runId !== before.id || !before.unsettled) {
    const message = `Job "${run.jobId}" does not wait for its recovery any more.`;
    throw new AppError("NOTHING_TO_RESUME", message, { job: run.jobId });
  }
  const resumes = run.parentRunId !== null;
  const attempt = record.attempts + 1;
  const details = { runId: run.id, attempt, from: before.id, state: before.state, cause: before.cause };
  return {
    record: {
      ...record,
      state: "idle",
      runId: run.id,
      attempts: attempt,
      resumed: record.resumed + (resumes ? 1 : 0),
      restarted: record.restarted + (resumes ? 0 : 1),
      nextAt: null,
      nextAction: null,
      reason: null,
    },
    audit: {
      actor: run.actor,
      action: resumes ? "recovery.resumed" : "recovery.restarted",
      jobId: run.jobId,
      runId: before.id,
      reason: record.reason,
      details,
    },
    event: {
      runId: before.id,
      type: resumes ? "recovery_resumed" : "recovery_restarted",
      data: { runId: run.id, attempt },
    },
  };
}

/**
 * New settings. Switched off: the streak is over. Switched on: what ended before that is not recovered.
 * @param after as it is from now on
 * @returns null: there is nothing to change
 */
export function afterSettings(before: Job, after: RecoveryFound, actor: string): RecoveryChange | null {
  const { job, newest, record } = after;
  if (isArmed(before) === isArmed(job)) return null;
  if (isArmed(job)) {
    if (newest === null || !isFinal(newest.state) || !newest.unsettled) return null;
    const reason = `${newest.id} ended before automatic recovery was switched on.`;
    const stopped = { ...EMPTY, jobId: job.id, state: "stopped", runId: newest.id, reason } as const;
    return { record: stopped, audit: null, event: null };
  }
  if (record === null) return null;
  const reason = job.enabled ? "Automatic recovery was switched off." : "The job was disabled.";
  return calledOff(record, actor, reason);
}

const EMPTY = { attempts: 0, resumed: 0, restarted: 0, since: null, nextAt: null, nextAction: null };

/** Reported only where a caller waited for it. */
function calledOff(record: RecoveryRecord, actor: string, reason: string): RecoveryChange {
  const { state, jobId, runId } = record;
  if (state !== "waiting" || runId === null) return { record: null, audit: null, event: null };
  return {
    record: null,
    audit: { actor, action: "recovery.stopped", jobId, runId, reason },
    event: { runId, type: "recovery_stopped", data: { by: actor, reason } },
  };
}

/** Loud, because from here on nothing happens by itself any more. */
export function gaveUpAlert({ jobId, runId, reason }: RecoveryRecord, id: string, now: number): NewAlert {
  return {
    id,
    at: now,
    kind: "recovery",
    title: `Job ${jobId} is not recovered any more`,
    detail: reason ?? "",
    job: jobId,
    counts: {},
    runs: runId === null ? [] : [runId],
  };
}
