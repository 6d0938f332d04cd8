import type { RunId } from "@/lib/domain/ids";
import { type LockKind, lockKind } from "@/lib/domain/lock";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { LockWithLine, QueuedRun, StoredLock } from "@/lib/domain/ports/locks";
import type { Run } from "@/lib/domain/run";
import { writeAudit } from "./audit";
import type { Run as RunRow } from "./generated/client";
import { giveTurns, readQueue } from "./queue";
import { toShownRun } from "./rows";
import { appendEvent } from "./run-events";
import { runRows } from "./run-rows";
import { allOf, anyOf, sql } from "./sql";
import type { Store } from "./transaction";

/** Shared is whatever is no job's own, pid files too. */
const NAMES = {
  own: sql`substr("name", 1, 4) = 'job:'`,
  shared: sql`substr("name", 1, 4) <> 'job:'`,
} as const satisfies Record<LockKind, object>;

/** Locks that are held or waited for, by name. Answers one more than `limit` when there is more. */
export async function listLocks(
  store: Store,
  kind: LockKind | null,
  page: { after: string | null; limit: number },
): Promise<LockWithLine[]> {
  const lines = waitingLines(readQueue(store.look));
  const wanted = [...lines.keys()].filter((name) => kind === null || lockKind(name) === kind);
  const conditions = [
    sql`("runId" IS NOT NULL OR "name" IN ${anyOf(wanted)})`,
    ...(kind === null ? [] : [NAMES[kind]]),
    ...(page.after === null ? [] : [sql`"name" > ${page.after}`]),
  ];
  const rows = store.look.all<Omit<LockRow, "run"> & { runId: string | null }>`
    SELECT "name", "fence", "acquiredAt", "runId" FROM "Lock" WHERE ${allOf(conditions)}
    ORDER BY "name" LIMIT ${page.limit + 1}`;
  const holders = await holdersOf(store, rows);
  return rows.map(({ runId, ...row }) => ({
    ...toLock({ ...row, run: holders.get(runId ?? "") ?? null }),
    waiting: lines.get(row.name) ?? [],
  }));
}

async function holdersOf(
  store: Store,
  locks: readonly { readonly runId: string | null }[],
): Promise<Map<string, RunRow>> {
  const ids = new Set(locks.flatMap(({ runId }) => (runId === null ? [] : [runId])));
  const rows = await runRows(store.look, [...ids] as RunId[]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** A job's own lock has no line: only its one active run can want it. */
function waitingLines(queue: readonly QueuedRun[]): Map<string, QueuedRun[]> {
  const lines = new Map<string, QueuedRun[]>();
  for (const run of queue) {
    if (run.waitingFor === null) continue;
    for (const name of run.locks.filter((one) => lockKind(one) === "shared")) {
      const line = lines.get(name);
      if (line === undefined) lines.set(name, [run]);
      else line.push(run);
    }
  }
  return lines;
}

export async function findLock(store: Store, name: string): Promise<StoredLock | null> {
  const row = await store.read.lock.findUnique({ where: { name }, include: { run: true } });
  return row === null ? null : toLock(row);
}

type LockRow = {
  name: string;
  fence: number;
  acquiredAt: Date | null;
  run: RunRow | null;
};

function toLock({ name, fence, acquiredAt, run }: LockRow): StoredLock {
  return {
    name,
    fence,
    acquiredAt: acquiredAt?.getTime() ?? null,
    holder: run === null ? null : toShownRun(run),
  };
}

/** The locks a run holds now, with their fences. */
export async function fencesOf(
  store: Store,
  runId: Run["id"],
): Promise<readonly { readonly name: string; readonly fence: number }[]> {
  return store.look.all<{
    name: string;
    fence: number;
  }>`SELECT "name", "fence" FROM "Lock" WHERE "runId" = ${runId}`;
}

/**
 * Takes a lock away from the run that holds it. Its fence moves on at once, so that the run's own number is out of date from
 * this moment, not only from the next holder on.
 * @returns false when the run does not hold it any more
 */
export function takeAwayLock(
  store: Store,
  lock: { readonly name: string; readonly holder: Run },
  event: Readonly<Record<string, unknown>>,
  audit: AuditEntry,
  now: number,
): Promise<boolean> {
  return store.write(async (tx, db) => {
    const taken = await tx.lock.updateMany({
      where: { name: lock.name, runId: lock.holder.id },
      data: { runId: null, acquiredAt: null, fence: { increment: 1 } },
    });
    if (taken.count === 0) return false;
    appendEvent(db, lock.holder.id, { type: "lock_taken_away", data: event }, now);
    writeAudit(db, audit, now);
    giveTurns(db, now);
    return true;
  });
}
