import { isAboutRoom } from "@/lib/domain/disk";
import type { RunId } from "@/lib/domain/ids";
import { lockNames } from "@/lib/domain/job";
import { lockKind } from "@/lib/domain/lock";
import type { Limits, Locks, QueuedRun, StoredLock } from "@/lib/domain/ports/locks";
import { type Capacity, describeObstacle, isSameWait, limitNames, takeTurns } from "@/lib/domain/queue";
import { isActive, type Run } from "@/lib/domain/run";
import {
  appendEvent,
  atOnce,
  byId,
  saveRun,
  type Tables,
  withEntry,
  withoutEntry,
  writeAudit,
} from "./tables";

export function locksOf({ jobId, spec }: Run): readonly string[] {
  return lockNames(jobId, spec.locks, spec.pidFile);
}

/** All of them or none. @returns the lock in the way; null: they are held now */
export function acquireAll(
  tables: Tables,
  runId: RunId,
  names: readonly string[],
  now: number,
): { readonly name: string; readonly heldBy: RunId } | null {
  for (const name of names) {
    const holder = tables.locks.get(name)?.holder ?? null;
    if (holder !== null && holder !== runId) return { name, heldBy: holder };
  }
  for (const name of names) {
    const lock = tables.locks.get(name);
    if (lock?.holder === runId) continue;
    const fence = (lock?.fence ?? 0) + 1;
    tables.locks = withEntry(tables.locks, name, { fence, acquiredAt: now, holder: runId });
  }
  return null;
}

export function releaseAll(tables: Tables, runId: RunId): void {
  for (const [name, { fence, holder }] of tables.locks)
    if (holder === runId)
      tables.locks = withEntry(tables.locks, name, { fence, acquiredAt: null, holder: null });
}

/** The next one first: the higher priority, then who came first. */
function readQueue({ runs, events }: Tables): QueuedRun[] {
  const came = (id: RunId) => events.find(({ runId }) => runId === id)?.id ?? 0;
  return byId(runs.values(), ({ id }) => id)
    .filter(({ state }) => state === "queued")
    .sort((one, other) => other.priority - one.priority || came(one.id) - came(other.id))
    .map((run) => {
      const { id, jobId, priority, queuedAt, waitingFor, spec } = run;
      return { id, jobId, priority, queuedAt, waitingFor, locks: locksOf(run), tags: spec.tags };
    });
}

function capacities({ runs, limits }: Tables): Capacity[] {
  const running = [...runs.values()].filter(({ state }) => isActive(state) && state !== "queued");
  const count = (name: string) => running.filter(({ spec }) => limitNames(spec.tags).includes(name)).length;
  const named = byId(limits, ([name]) => (name === "worker" ? "" : name));
  return named.map(([name, maxRuns]) => ({ name, maxRuns, active: count(name) }));
}

/** Gives every queued run that may go its locks, and says of the others what they wait for. @returns why these wait */
export function giveTurns(tables: Tables, now: number): ReadonlyMap<RunId, string> {
  const queue = readQueue(tables);
  const held = [...tables.locks].flatMap(([name, { holder }]) =>
    holder === null ? [] : [[name, holder] as const],
  );
  const waiting = new Map<RunId, string>();
  const turns = takeTurns(queue, new Map(held), capacities(tables));
  for (const { run, obstacle } of turns) if (obstacle !== null) releaseAll(tables, run.id);
  for (const { run, obstacle } of turns) {
    if (obstacle === null) acquireAll(tables, run.id, run.locks, now);
    else waiting.set(run.id, describeObstacle(obstacle));
  }
  for (const { id, waitingFor: before } of queue)
    tellWaiting(tables, id, before, waiting.get(id) ?? null, now);
  return waiting;
}

function tellWaiting(tables: Tables, id: RunId, before: string | null, text: string | null, now: number) {
  const run = tables.runs.get(id);
  if (run === undefined || text === before || (text === null && isAboutRoom(before))) return;
  saveRun(tables, { ...run, waitingFor: text });
  if (text !== null && !isSameWait(before, text)) appendEvent(tables, id, "waiting", { for: text }, now);
}

/** Whether no limit and no line can be in its way. */
export function needsNoTurn({ limits }: Tables, { spec }: Run): boolean {
  return spec.locks.length === 0 && spec.pidFile === null && limits.size === 0;
}

export function queuePorts(tables: Tables): Locks & Limits {
  const toLock = (name: string): StoredLock | null => {
    const lock = tables.locks.get(name);
    if (lock === undefined) return null;
    const holder = lock.holder === null ? null : (tables.runs.get(lock.holder) ?? null);
    return { name, fence: lock.fence, acquiredAt: lock.acquiredAt, holder };
  };
  return {
    listLocks: async (kind, { after, limit }) => {
      const queue = readQueue(tables).filter(({ waitingFor }) => waitingFor !== null);
      const line = (name: string) =>
        queue.filter(({ locks }) => lockKind(name) === "shared" && locks.includes(name));
      return byId(tables.locks.keys(), (name) => name)
        .flatMap((name) => toLock(name) ?? [])
        .map((lock) => ({ ...lock, waiting: line(lock.name) }))
        .filter(({ holder, waiting }) => holder !== null || waiting.length > 0)
        .filter(({ name }) => (kind === null || lockKind(name) === kind) && name > (after ?? ""))
        .slice(0, limit + 1);
    },
    findLock: async (name) => toLock(name),
    takeAwayLock: async ({ name, holder }, event, audit, now) =>
      atOnce(tables, () => {
        const lock = tables.locks.get(name);
        if (lock?.holder !== holder.id) return false;
        const free = { fence: lock.fence + 1, acquiredAt: null, holder: null };
        tables.locks = withEntry(tables.locks, name, free);
        appendEvent(tables, holder.id, "lock_taken_away", event, now);
        writeAudit(tables, audit, now);
        giveTurns(tables, now);
        return true;
      }),
    listCapacities: async () => capacities(tables),
    listQueue: async () => readQueue(tables),
    setLimit: async ({ name, maxRuns }, audit, now) => {
      tables.limits = withEntry(tables.limits, name, maxRuns);
      writeAudit(tables, audit, now);
      giveTurns(tables, now);
    },
    removeLimit: async (name, audit, now) => {
      if (!tables.limits.has(name)) return false;
      tables.limits = withoutEntry(tables.limits, name);
      writeAudit(tables, audit, now);
      giveTurns(tables, now);
      return true;
    },
  };
}
