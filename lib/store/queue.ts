import { isAboutRoom } from "@/lib/domain/disk";
import type { JobId, RunId, WorkerId } from "@/lib/domain/ids";
import { lockNames } from "@/lib/domain/job";
import type { QueuedRun } from "@/lib/domain/ports/locks";
import { describeObstacle, isSameWait, type Obstacle, type Turn, takeTurns } from "@/lib/domain/queue";
import type { Run } from "@/lib/domain/run";
import type { Run as RunRow } from "./generated/client";
import { listCapacities } from "./limits";
import { acquireAll, releaseAll } from "./locks";
import { toRun } from "./rows";
import { anyOf } from "./sql";
import type { Reads, Statements } from "./statements";
import { readable } from "./stored";
import type { Store } from "./transaction";

/**
 * Every queued run, the next one first: the higher priority, then who came first. The order of coming is that in which the
 * first events were written; wall times can be set back, and two runs can have the same.
 */
export function readQueue(db: Reads): QueuedRun[] {
  const rows = db.all<QueueRow>`
    SELECT "id", "jobId", "priority", "waitingFor", CAST("queuedAt" AS TEXT) AS "queuedAt",
      json_extract("spec", '$.locks') AS "locks", json_extract("spec", '$.tags') AS "tags",
      json_extract("spec", '$.pidFile') AS "pidFile",
      (SELECT min("RunEvent"."id") FROM "RunEvent" WHERE "RunEvent"."runId" = "Run"."id") AS "came"
    FROM "Run" WHERE "state" = 'queued' AND json_valid("spec") ORDER BY "priority" DESC, "came" ASC, "Run"."id" ASC`;
  return rows.map((row) => ({
    id: row.id,
    jobId: row.jobId,
    priority: Number(row.priority),
    queuedAt: Number(row.queuedAt),
    waitingFor: row.waitingFor,
    locks: lockNames(row.jobId, names(row.locks), row.pidFile),
    tags: names(row.tags),
  }));
}

type QueueRow = {
  readonly id: RunId;
  readonly jobId: JobId;
  readonly priority: number | bigint;
  readonly queuedAt: string;
  readonly waitingFor: string | null;
  readonly locks: string | null;
  readonly tags: string | null;
  readonly pidFile: string | null;
};

function names(json: string | null): string[] {
  return json === null ? [] : JSON.parse(json);
}

/**
 * Goes through the queue once: who may go has all its locks afterwards, who may not holds none and says what it waits for.
 * @returns what is in the way of each queued run; null: it is its turn
 */
export function giveTurns(db: Statements, now: number): Map<RunId, Obstacle | null> {
  const queue = readQueue(db);
  if (queue.length === 0) return new Map();
  const holders = holdersFor(db);
  const turns = takeTurns(queue, holders, listCapacities(db));
  for (const { run, obstacle } of turns)
    if (obstacle !== null && run.locks.some((name) => holders.get(name) === run.id)) releaseAll(db, run.id);
  for (const { run, obstacle } of turns)
    if (obstacle === null && run.locks.some((name) => holders.get(name) !== run.id))
      acquireAll(db, run.id, run.locks, now);
  tellWaiting(db, queue, turns, now);
  return new Map(turns.map(({ run, obstacle }) => [run.id, obstacle]));
}

/** The locks that can be in a queued run's way, and those queued runs have been given. */
function holdersFor(db: Reads): Map<string, RunId> {
  const rows = db.all<{ name: string; runId: RunId }>`
    SELECT "name", "runId" FROM "Lock" WHERE "runId" IS NOT NULL
      AND (substr("name", 1, 4) <> 'job:' OR "runId" IN (SELECT "id" FROM "Run" WHERE "state" = 'queued'))`;
  return new Map(rows.map(({ name, runId }) => [name, runId]));
}

/** In two statements, however many wait: when one lock changes hands, every run behind it waits for another one. */
function tellWaiting(db: Statements, queue: readonly QueuedRun[], turns: readonly Turn[], now: number): void {
  const changed = turns.flatMap(({ run, obstacle }, index) => {
    const before = queue[index]?.waitingFor ?? null;
    const text = obstacle === null ? null : describeObstacle(obstacle);
    // What only the host lacks is reported by the part that looks at the host; it is this run's turn all the same.
    return text === before || (text === null && isAboutRoom(before))
      ? []
      : [{ runId: run.id, text, isNew: text !== null && !isSameWait(before, text) }];
  });
  if (changed.length === 0) return;
  db.change`
    UPDATE "Run" SET "waitingFor" = told.value ->> 'text'
    FROM json_each(${JSON.stringify(changed)}) AS told WHERE "Run"."id" = told.value ->> 'runId'`;
  const events = changed.filter(({ isNew }) => isNew);
  if (events.length === 0) return;
  db.change`
    INSERT INTO "RunEvent" ("runId", "at", "type", "data")
    SELECT told.value ->> 'runId', ${now}, 'waiting', json_object('for', told.value ->> 'text')
    FROM json_each(${JSON.stringify(events)}) AS told`;
}

/** The queued runs whose turn it is and that this worker may claim, in order. */
export async function listStartable(store: Store, worker: WorkerId, now: number): Promise<Run[]> {
  if (store.look.one`SELECT 1 FROM "Run" WHERE "state" = 'queued' LIMIT 1` === null) return [];
  return store.change((db) => {
    const turns = giveTurns(db, now);
    const ids = [...turns].flatMap(([id, obstacle]) => (obstacle === null ? [id] : []));
    const rows = db.all<RunRow>`
      SELECT * FROM "Run" WHERE "state" = 'queued' AND ("workerId" IS NULL OR "workerId" = ${worker})
        AND "id" IN ${anyOf(ids)}`;
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => {
      const row = byId.get(id);
      return row === undefined ? [] : readable([row], toRun);
    });
  });
}

/** Whether any limit or line could be in the way; without one a run needs no permission. */
export function needsNoTurn(db: Reads, { spec }: Pick<Run, "spec">): boolean {
  if (spec.locks.length > 0 || spec.pidFile !== null) return false;
  return db.one`SELECT 1 FROM "ConcurrencyLimit" LIMIT 1` === null;
}
