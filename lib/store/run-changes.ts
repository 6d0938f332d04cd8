import type { RunId, WorkerId } from "@/lib/domain/ids";
import { lockNames } from "@/lib/domain/job";
import { fingerprintOf } from "@/lib/domain/last-words";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { LifeSigns } from "@/lib/domain/ports/records";
import type { RunChange, RunEventEntry } from "@/lib/domain/ports/runs";
import { describeObstacle } from "@/lib/domain/queue";
import type { Run } from "@/lib/domain/run";
import type { RunEvent } from "@/lib/domain/transition";
import type { Run as RunRow } from "./generated/client";
import { holdsAll } from "./locks";
import { giveTurns } from "./queue";
import { toRun } from "./rows";
import { appendEvent } from "./run-events";
import { saveEvent } from "./save-event";
import type { Reads } from "./statements";
import { readable } from "./stored";
import type { Store } from "./transaction";

/**
 * Applies one event to a run: decided by the domain, saved by compare-and-set, with its event row, its locks and its audit
 * row in one transaction. A refused event leaves a row too, so that nothing that was said about a run is lost.
 */
export function applyEvent(
  store: Store,
  runId: RunId,
  event: RunEvent,
  now: number,
  audit?: AuditEntry,
): Promise<RunChange> {
  return store.change((db): RunChange => {
    const before = findRunIn(db, runId);
    if (before === null) return { ok: false, reason: `There is no run ${runId}.`, before };
    return saveEvent(db, before, event, now, audit);
  });
}

/**
 * The same for what a worker has found out about a run. About another worker's run it has no say: refused as a value, and nothing
 * is written.
 * @param life what the run has shown last, saved with the change
 */
export function applyOwnEvent(
  store: Store,
  workerId: WorkerId,
  runId: RunId,
  event: RunEvent,
  now: number,
  life?: Omit<LifeSigns, "runId">,
): Promise<RunChange> {
  return store.change((db): RunChange => {
    const before = findRunIn(db, runId);
    if (before === null) return { ok: false, reason: `There is no run ${runId}.`, before };
    if (before.workerId !== workerId)
      return { ok: false, reason: `${runId} is run by ${before.workerId ?? "no worker"}.`, before };
    return saveEvent(db, withLife(before, life), event, now);
  });
}

/**
 * Starts a queued run that has been given its locks, or whose turn it is now; else leaves it waiting with the reason.
 * @returns the change; refused with `before` still queued when a lock, a limit or a run before it is in the way
 */
export function claimRun(
  store: Store,
  runId: RunId,
  event: RunEvent & { type: "claimed" },
  now: number,
): Promise<RunChange> {
  return store.change((db): RunChange => {
    const before = findRunIn(db, runId);
    if (before?.state !== "queued") return { ok: false, reason: `${runId} is not queued.`, before };
    if (before.workerId !== null && before.workerId !== event.workerId)
      return { ok: false, reason: `${runId} is for ${before.workerId} to run.`, before };
    if (!holdsAll(db, runId, lockNames(before.jobId, before.spec.locks, before.spec.pidFile))) {
      const obstacle = giveTurns(db, now).get(runId) ?? null;
      if (obstacle !== null) return { ok: false, reason: `Waits for ${describeObstacle(obstacle)}.`, before };
    }
    return saveEvent(db, before, event, now);
  });
}

/**
 * Asks a worker's runs that have a process to end: the next `limit` after that id, in one transaction. What the dashboard decides by itself
 * leaves an audit row too.
 * @param ask null leaves a run as it is
 * @returns them all, as they are then
 */
export function stopPage(
  store: Store,
  page: { workerId: WorkerId; after: RunId | null; limit: number },
  ask: (run: Run) => (RunEvent & { type: "stop_requested" }) | null,
  now: number,
): Promise<Run[]> {
  return store.change((db) => {
    const rows = db.all<RunRow>`
      SELECT * FROM "Run" WHERE "state" IN ('starting', 'running', 'stopping') AND "workerId" = ${page.workerId}
        AND "id" > ${page.after ?? ""} ORDER BY "id" LIMIT ${page.limit}`;
    const runs: Run[] = [];
    for (const before of readable(rows, toRun)) {
      const event = ask(before);
      const change = event === null ? null : saveEvent(db, before, event, now, auditOf(before, event));
      runs.push(change?.ok ? change.run : before);
    }
    return runs;
  });
}

function auditOf(run: Run, event: RunEvent & { type: "stop_requested" }): AuditEntry {
  const { cause, graceMs, reason } = event;
  const details = { cause, graceMs };
  return { actor: "system", action: "run.stop_requested", jobId: run.jobId, runId: run.id, reason, details };
}

/** What happened to a run without changing its state: signals sent, members left over, an adoption. */
export function noteEvent(store: Store, runId: RunId, entry: RunEventEntry, now: number): Promise<void> {
  return store.change((db) => appendEvent(db, runId, entry, now));
}

function withLife(run: Run, life: Omit<LifeSigns, "runId"> | undefined): Run {
  if (life === undefined) return run;
  const { logBytes, lastLifeAt, progress, usualGapMs, lastWords = null, realCwd = null } = life;
  return {
    ...run,
    realCwd: run.realCwd ?? realCwd,
    logBytes,
    lastLifeAt: lastLifeAt ?? run.lastLifeAt,
    progress: progress ?? run.progress,
    usualGapMs: usualGapMs ?? run.usualGapMs,
    ...(lastWords === null ? {} : { lastWords, fingerprint: fingerprintOf(lastWords) }),
  };
}

/** @throws AppError ROW_UNREADABLE */
function findRunIn(db: Reads, runId: RunId): Run | null {
  const row = db.one<RunRow>`SELECT * FROM "Run" WHERE "id" = ${runId}`;
  return row === null ? null : toRun(row);
}
