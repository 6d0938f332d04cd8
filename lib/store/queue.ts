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
import { readable } from "./stored";
import type { Store, Transaction } from "./transaction";

/**
 * Every queued run, the next one first: the higher priority, then who came first. The order of coming is that in which the
 * first events were written; wall times can be set back, and two runs can have the same.
 */
export async function readQueue(db: Pick<Transaction, "$queryRaw">): Promise<QueuedRun[]> {
  const rows = await db.$queryRaw<QueueRow[]>`
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
export async function giveTurns(tx: Transaction, now: number): Promise<Map<RunId, Obstacle | null>> {
  const queue = await readQueue(tx);
  if (queue.length === 0) return new Map();
  const holders = await holdersFor(tx);
  const turns = takeTurns(queue, holders, await listCapacities(tx));
  for (const { run, obstacle } of turns)
    if (obstacle !== null && run.locks.some((name) => holders.get(name) === run.id))
      await releaseAll(tx, run.id);
  for (const { run, obstacle } of turns)
    if (obstacle === null && run.locks.some((name) => holders.get(name) !== run.id))
      await acquireAll(tx, run.id, run.locks, now);
  await tellWaiting(tx, queue, turns, now);
  return new Map(turns.map(({ run, obstacle }) => [run.id, obstacle]));
}

/** The locks that can be in a queued run's way, and those queued runs have been given. */
async function holdersFor(tx: Transaction): Promise<Map<string, RunId>> {
  const rows = await tx.$queryRaw<{ name: string; runId: RunId }[]>`
    SELECT "name", "runId" FROM "Lock" WHERE "runId" IS NOT NULL
      AND (substr("name", 1, 4) <> 'job:' OR "runId" IN (SELECT "id" FROM "Run" WHERE "state" = 'queued'))`;
  return new Map(rows.map(({ name, runId }) => [name, runId]));
}

/** In two statements, however many wait: when one lock changes hands, every run behind it waits for another one. */
async function tellWaiting(
  tx: Transaction,
  queue: readonly QueuedRun[],
  turns: readonly Turn[],
  now: number,
): Promise<void> {
  const changed = turns.flatMap(({ run, obstacle }, index) => {
    const before = queue[index]?.waitingFor ?? null;
    const text = obstacle === null ? null : describeObstacle(obstacle);
    // What only the host lacks is reported by the part that looks at the host; it is this run's turn all the same.
    return text === before || (text === null && isAboutRoom(before))
      ? []
      : [{ runId: run.id, text, isNew: text !== null && !isSameWait(before, text) }];
  });
  if (changed.length === 0) return;
  await tx.$executeRaw`
    UPDATE "Run" SET "waitingFor" = told.value ->> 'text'
    FROM json_each(${JSON.stringify(changed)}) AS told WHERE "Run"."id" = told.value ->> 'runId'`;
  const events = changed.filter(({ isNew }) => isNew);
  if (events.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO "RunEvent" ("runId", "at", "type", "data")
    SELECT told.value ->> 'runId', ${now}, 'waiting', json_object('for', told.value ->> 'text')
    FROM json_each(${JSON.stringify(events)}) AS told`;
}

/** The queued runs whose turn it is and that this worker may claim, in order. */
export async function listStartable(store: Store, worker: WorkerId, now: number): Promise<Run[]> {
  if ((await store.read.run.count({ where: { state: "queued" } })) === 0) return [];
  return store.write(async (tx) => {
    const turns = await giveTurns(tx, now);
    const ids = [...turns].flatMap(([id, obstacle]) => (obstacle === null ? [id] : []));
    const rows = await tx.$queryRaw<RunRow[]>`
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
export async function needsNoTurn(tx: Transaction, run: Pick<Run, "spec">): Promise<boolean> {
  return (
    run.spec.locks.length === 0 && run.spec.pidFile === null && (await tx.concurrencyLimit.count()) === 0
  );
}
