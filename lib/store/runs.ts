import { AppError } from "@/lib/domain/errors";
import type { JobId, RunId, WorkerId } from "@/lib/domain/ids";
import { type Job, lockNames } from "@/lib/domain/job";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { LifeSigns } from "@/lib/domain/ports/records";
import type { Decision, Enqueued, LookAgain, RunFilter } from "@/lib/domain/ports/runs";
import type { SlotKey } from "@/lib/domain/ports/schedules";
import { describeObstacle } from "@/lib/domain/queue";
import { ACTIVE_STATES, CLAIMED_STATES, isActive, type Run } from "@/lib/domain/run";
import { writeAudit } from "./audit";
import { cleanInStart } from "./clean-in-start";
import type { Job as JobRow, Run as RunRow } from "./generated/client";
import { toJob } from "./job-rows";
import { acquireAll } from "./locks";
import { TOP } from "./off-time";
import { giveTurns, needsNoTurn } from "./queue";
import { followStart } from "./recovery";
import { fromRun, toRun, toRunState, toShownRun } from "./rows";
import { appendEvent } from "./run-events";
import { runRows } from "./run-rows";
import { findIds } from "./run-search";
import { insertRunSecrets } from "./run-secrets";
import { conditionsOf } from "./run-stretches";
import { startSlot } from "./slots";
import { anyOf, sql } from "./sql";
import { readable } from "./stored";
import type { Store } from "./transaction";
import { runsDown } from "./walk";

/**
 * Puts a new run in the queue: the decision is taken on rows read in the same transaction that writes it.
 * @param decide makes the run from the job and its newest run as they are now, and says whether that one is cleaned first; may throw
 *   an AppError to refuse
 * @returns the run, or the active run that is in the way; null when there is no such job
 */
export function enqueueRun<Answer extends Decision | LookAgain>(
  store: Store,
  jobId: JobId,
  decide: (job: Job, newest: Run | null) => Answer,
  audit: (run: Run) => AuditEntry,
  now: number,
): Promise<Enqueued | Extract<Answer, LookAgain> | null> {
  return store.change((db): Enqueued | Extract<Answer, LookAgain> | null => {
    const row = db.one<JobRow>`SELECT * FROM "Job" WHERE "id" = ${jobId} AND "deletingSince" IS NULL`;
    if (row === null) return null;
    const newestRow = db.one<RunRow>`SELECT * FROM "Run" WHERE "id" = ${row.newestRunId}`;
    const newest = newestRow === null ? null : toRun(newestRow);
    if (newest !== null && isActive(newest.state)) return { ok: false, active: newest };
    const decided = decide(toJob(row), newest);
    if (decided === "look again") return decided as Extract<Answer, LookAgain>;
    const { run, clean, slot, follows, secrets = {} }: Decision = decided;
    if (slot !== undefined && !startSlot(db, slot, run.id, now)) throw slotTaken(slot);
    if (newest !== null && clean !== null) cleanInStart(db, newest, clean, now);
    // A decision was made: the job continues, from what was left or from the beginning.
    else if (newest?.unsettled) db.update("Run", { id: newest.id }, { unsettled: false });
    db.insert("Run", fromRun(run, true));
    insertRunSecrets(db, store.sealing, run.id, secrets);
    db.update("Job", { id: jobId }, { newestRunId: run.id });
    appendEvent(db, run.id, { type: "queued", data: queuedData(run) }, now);
    if (follows !== undefined)
      appendEvent(db, follows.runId, { type: follows.word, data: { runId: run.id } }, now);
    writeAudit(db, audit(run), now);
    followStart(db, run, newest, now);
    if (needsNoTurn(db, run)) acquireAll(db, run.id, lockNames(jobId, run.spec.locks, run.spec.pidFile), now);
    else {
      const obstacle = giveTurns(db, now).get(run.id) ?? null;
      if (obstacle !== null) return { ok: true, run: { ...run, waitingFor: describeObstacle(obstacle) } };
    }
    return { ok: true, run };
  });
}

function slotTaken({ scheduleId, slot }: SlotKey): AppError {
  const message = `The time ${new Date(slot).toISOString()} of schedule ${scheduleId} was decided already. Nothing was started.`;
  return new AppError("SLOT_TAKEN", message, { schedule: scheduleId, slot });
}

/** @throws AppError ROW_UNREADABLE */
export async function findRun(store: Store, runId: RunId): Promise<Run | null> {
  const row = store.look.one<RunRow>`SELECT * FROM "Run" WHERE "id" = ${runId}`;
  return row === null ? null : toRun(row);
}

/** For showing only: of one whose row cannot be read, what its plain columns say. */
export async function findShownRun(store: Store, runId: RunId): Promise<Run | null> {
  const row = store.look.one<RunRow>`SELECT * FROM "Run" WHERE "id" = ${runId}`;
  return row === null ? null : toShownRun(row);
}

export async function hasRun(store: Store, runId: RunId): Promise<boolean> {
  return store.look.one`SELECT 1 FROM "Run" WHERE "id" = ${runId}` !== null;
}

/** Every run that is not final, oldest first. */
export async function listUnfinished(store: Store): Promise<Run[]> {
  const active = sql`"state" IN ${anyOf(ACTIVE_STATES)}`;
  const found = store.look.all<{ id: RunId }>`SELECT "id" FROM "Run" WHERE ${active} ORDER BY "id"`;
  const ids = found.map(({ id }) => id);
  return readable(await runRows(store.look, ids, active), toRun);
}

/** The arguments are told where something was kept, or could have been. */
function queuedData({ trigger, actor, spec: { args, argsBefore } }: Run): Record<string, unknown> {
  const plain = argsBefore === null || (argsBefore.how === "same" && args?.length === 0);
  return { trigger, actor, ...(plain ? {} : { args: argsBefore.how, argsOf: argsBefore.run }) };
}

/** The runs a worker has claimed that are not over, oldest first; of each only what tells whether it is looked after. */
export async function listUnfinishedStates(
  store: Store,
  workerId: WorkerId,
): Promise<Pick<Run, "id" | "state">[]> {
  const rows = store.look.all<Pick<RunRow, "id" | "state">>`
    SELECT "id", "state" FROM "Run" WHERE "state" IN ${anyOf(CLAIMED_STATES)} AND "workerId" = ${workerId} ORDER BY "id"`;
  return rows.map(toRunState);
}

/**
 * The newest runs of their jobs that ended for a restart, or by a shutdown after which the job wants to go on: if the next one
 * had been started, they would not be newest.
 */
export async function listAwaitingSuccessor(store: Store): Promise<Run[]> {
  // CROSS JOIN is SQLite's word for: the jobs first, of which there are few. By itself it goes through all runs that are over.
  const rows = await store.read.$queryRaw<RunRow[]>`
    SELECT "Run".* FROM "Job" CROSS JOIN "Run" ON "Run"."id" = "Job"."newestRunId"
    WHERE "Run"."activeKey" IS NULL AND "Job"."deletingSince" IS NULL AND ("Run"."cause" = 'restart'
      OR ("Run"."cause" = 'shutdown' AND "Run"."state" = 'interrupted' AND "Job"."enabled" AND "Job"."resumeAfterShutdown"))`;
  return readable(rows, toRun);
}

/** Newest first. `before`: the id the page before ended with. Answers one more than `limit` when there is more. */
export async function listRuns(
  { look }: Store,
  filter: RunFilter,
  { before, limit }: { before: string | null; limit: number },
): Promise<Run[]> {
  const find = (below: string, wanted: number) => findIds(look, filter, below, wanted);
  return runsDown(look, find, conditionsOf(filter), before ?? TOP, limit + 1);
}

/** Not a state change, so no version moves. */
export async function saveLogDropped(store: Store, runId: RunId, bytes: number): Promise<void> {
  await store.change((db) => db.update("Run", { id: runId }, { logDroppedBytes: BigInt(bytes) }));
}

/**
 * Signs of life of many runs in one statement. Not a state change, so no version moves; and none after the end, which was
 * written with the last ones.
 */
export async function saveLifeSigns(store: Store, signs: readonly LifeSigns[]): Promise<void> {
  if (signs.length === 0) return;
  const rows = signs.map(({ progress, ...sign }) => ({
    ...sign,
    progress: progress === null ? null : JSON.stringify(progress),
  }));
  await store.change(
    (db) =>
      db.change`
      UPDATE "Run" SET "logBytes" = sign.value ->> 'logBytes',
        "lastLifeAt" = coalesce(sign.value ->> 'lastLifeAt', "lastLifeAt"),
        "progress" = coalesce(sign.value ->> 'progress', "progress"),
        "usualGapMs" = coalesce(sign.value ->> 'usualGapMs', "usualGapMs")
      FROM json_each(${JSON.stringify(rows)}) AS sign
      WHERE "Run"."id" = sign.value ->> 'runId' AND "Run"."activeKey" IS NOT NULL`,
  );
}
