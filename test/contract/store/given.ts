import { onTestFinished } from "vitest";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { Enqueued } from "@/lib/domain/ports/runs";
import type { Run } from "@/lib/domain/run";
import type { RunEvent } from "@/lib/domain/transition";
import { insertJob } from "@/lib/store/jobs";
import { applyEvent, claimRun } from "@/lib/store/run-changes";
import { enqueueRun } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { aJob, aQueuedRun, T0, WORKER } from "@/test/factories";

/** Opens an empty database of its own; `close` lets go of everything of it. */
export type OpenStore = () => Promise<{ readonly store: Store; close(): Promise<void> }>;

/** A database for this test alone. */
export async function opened(open: OpenStore): Promise<Store> {
  const { store, close } = await open();
  onTestFinished(close);
  return store;
}

export function audit(action: string, changes: Partial<AuditEntry> = {}): AuditEntry {
  return { actor: "operator", action, ...changes };
}

export async function givenJob(store: Store, changes: Partial<Job> = {}): Promise<Job> {
  const job = aJob(changes);
  if (!(await insertJob(store, job, {}, audit("job.created", { jobId: job.id }))))
    throw new Error("It exists already.");
  return job;
}

export async function enqueue(store: Store, id: JobId, changes: Partial<Run> = {}): Promise<Enqueued> {
  const decide = (job: Job) => ({ run: aQueuedRun(job, changes), clean: null });
  const entry = (run: Run) => audit("run.start_requested", { jobId: id, runId: run.id });
  const answer = await enqueueRun(store, id, decide, entry, T0);
  if (answer === null) throw new Error(`There is no job ${id}.`);
  return answer;
}

export async function givenQueued(store: Store, id: JobId, changes: Partial<Run> = {}): Promise<Run> {
  const answer = await enqueue(store, id, changes);
  if (!answer.ok) throw new Error(`${answer.active.id} is in the way.`);
  return answer.run;
}

export const CLAIMED = {
  type: "claimed",
  workerId: WORKER,
  hostInstance: "boot/1/1",
  ownerEpoch: 1,
} as const;
export const SPAWNED = {
  type: "spawned",
  launcher: { pid: 5_000, startTicks: 90 },
  process: { pid: 5_001, startTicks: 91 },
} as const;
export const LOST = { type: "lost", cause: "host_rebooted", reason: "Rebooted.", endedAt: null } as const;
export const CLEANED = { type: "cleaned", reason: "Dead." } as const;
export const STOP = { type: "stop_requested", cause: "stop", graceMs: 1_000, reason: "Stopped." } as const;

export function exited(code: number): RunEvent {
  return {
    type: "exited",
    exit: { code, signal: null },
    endedAt: T0 + 9_000,
    outcome: null,
    beforeSignal: false,
  };
}

/** Applies events that must be accepted; answers the run as it is then. */
export async function apply(store: Store, id: RunId, ...events: RunEvent[]): Promise<Run> {
  let run: Run | null = null;
  for (const event of events) {
    const change =
      event.type === "claimed"
        ? await claimRun(store, id, event, T0 + 1_000)
        : await applyEvent(store, id, event, T0 + 2_000);
    if (!change.ok) throw new Error(change.reason);
    run = change.run;
  }
  if (run === null) throw new Error("No event was given.");
  return run;
}

export async function givenRunning(store: Store, id: JobId): Promise<Run> {
  const run = await givenQueued(store, id);
  return apply(store, run.id, CLAIMED, SPAWNED);
}

/** Who holds which lock, and at which fence. */
export async function locksOf(
  store: Store,
): Promise<Record<string, { runId: string | null; fence: number }>> {
  const rows = await store.read.lock.findMany({ orderBy: { name: "asc" } });
  return Object.fromEntries(rows.map(({ name, runId, fence }) => [name, { runId, fence }]));
}

export async function eventTypes(store: Store, id: RunId): Promise<string[]> {
  const rows = await store.read.runEvent.findMany({ where: { runId: id }, orderBy: { id: "asc" } });
  return rows.map((row) => row.type);
}
