import { type LockKind, lockKind } from "@/lib/domain/lock";
import type { Run } from "@/lib/domain/run";
import { type AuditEntry, writeAudit } from "./audit";
import { giveTurns, type QueuedRun, readQueue } from "./queue";
import { toRun } from "./rows";
import { appendEvent } from "./run-events";
import type { Store, Transaction } from "./transaction";

export type HeldLock = {
  readonly name: string;
  readonly fence: number;
  readonly acquiredAt: number | null;
  readonly holder: Run | null;
};
export type LockWithLine = HeldLock & {
  /** Who waits for it, the next one first. */
  readonly waiting: readonly QueuedRun[];
};

/** Shared is whatever is no job's own, pid files too. */
const NAMES = {
  own: { startsWith: "job:" },
  shared: { not: { startsWith: "job:" } },
} as const satisfies Record<LockKind, object>;

/** Locks that are held or waited for, by name. Answers one more than `limit` when there is more. */
export async function listLocks(
  store: Store,
  kind: LockKind | null,
  page: { after: string | null; limit: number },
): Promise<LockWithLine[]> {
  const lines = waitingLines(await readQueue(store.read));
  const wanted = [...lines.keys()].filter((name) => kind === null || lockKind(name) === kind);
  const rows = await store.read.lock.findMany({
    where: {
      OR: [{ runId: { not: null } }, { name: { in: wanted.slice(0, MANY) } }],
      name: {
        ...(kind === null ? {} : NAMES[kind]),
        ...(page.after === null ? {} : { gt: page.after }),
      },
    },
    orderBy: { name: "asc" },
    take: page.limit + 1,
    include: { run: true },
  });
  return rows.map((row) => ({ ...toLock(row), waiting: lines.get(row.name) ?? [] }));
}

/** More names than a page can have are not looked up; those that are held are found without. */
const MANY = 1_000;

/** A job's own lock has no line: nobody but its one active run can want it. */
function waitingLines(queue: readonly QueuedRun[]): Map<string, QueuedRun[]> {
  const lines = new Map<string, QueuedRun[]>();
  for (const run of queue) {
    if (run.waitingFor === null) continue;
    for (const name of run.locks.filter((one) => lockKind(one) === "shared"))
      lines.set(name, [...(lines.get(name) ?? []), run]);
  }
  return lines;
}

export async function findLock(store: Store, name: string): Promise<HeldLock | null> {
  const row = await store.read.lock.findUnique({ where: { name }, include: { run: true } });
  return row === null ? null : toLock(row);
}

type LockRow = {
  name: string;
  fence: number;
  acquiredAt: Date | null;
  run: Parameters<typeof toRun>[0] | null;
};

function toLock({ name, fence, acquiredAt, run }: LockRow): HeldLock {
  return {
    name,
    fence,
    acquiredAt: acquiredAt?.getTime() ?? null,
    holder: run === null ? null : toRun(run),
  };
}

/** The locks a run holds now, with their fences. */
export async function fencesOf(
  store: Store,
  runId: Run["id"],
): Promise<readonly { readonly name: string; readonly fence: number }[]> {
  return store.read.lock.findMany({ where: { runId }, select: { name: true, fence: true } });
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
  return store.write(async (tx: Transaction) => {
    const taken = await tx.lock.updateMany({
      where: { name: lock.name, runId: lock.holder.id },
      data: { runId: null, acquiredAt: null, fence: { increment: 1 } },
    });
    if (taken.count === 0) return false;
    await appendEvent(tx, lock.holder.id, { type: "lock_taken_away", data: event }, now);
    await writeAudit(tx, audit, now);
    await giveTurns(tx, now);
    return true;
  });
}
