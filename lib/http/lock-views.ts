import type { LimitView } from "@/lib/contracts/limit";
import { type LockView, MAX_WAITING_SHOWN, type WaitingRunView } from "@/lib/contracts/lock";
import { lockKind, lockLabel } from "@/lib/domain/lock";
import type { LockWithLine, QueuedRun } from "@/lib/domain/ports/locks";
import type { LimitItem } from "@/lib/services/limits/list-limits";
import type { Release } from "@/lib/services/locks/release-lock";

export function toLockView(lock: LockWithLine): LockView {
  const { holder } = lock;
  return {
    name: lockLabel(lock.name),
    kind: lockKind(lock.name),
    fence: lock.fence,
    acquiredAt: lock.acquiredAt === null ? null : new Date(lock.acquiredAt).toISOString(),
    holder:
      holder === null
        ? null
        : { run: holder.id, job: holder.jobId, state: holder.state, pid: holder.process?.pid ?? null },
    ...line(lock.waiting),
  };
}

export function toLimitView({ name, maxRuns, active, waiting }: LimitItem): LimitView {
  return { name, maxRuns, active, ...line(waiting) };
}

export function releaseAnswer({ outcome, lock, runId }: Release) {
  const { name, fence } = lock;
  return { outcome, run: runId, lock: { name: lockLabel(name), kind: lockKind(name), fence } };
}

function line(waiting: readonly QueuedRun[]) {
  return { waiting: waiting.slice(0, MAX_WAITING_SHOWN).map(toWaitingView), waitingCount: waiting.length };
}

function toWaitingView({ id, jobId, priority, queuedAt, waitingFor }: QueuedRun): WaitingRunView {
  return { run: id, job: jobId, priority, queuedAt: new Date(queuedAt).toISOString(), waitingFor };
}
