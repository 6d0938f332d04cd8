import type { WorkerId } from "@/lib/domain/ids";
import { ACTIVE_STATES, type HostInstance } from "@/lib/domain/run";
import type { Store } from "./transaction";

export type WorkerRegistration = {
  readonly id: WorkerId;
  readonly hostname: string;
  readonly hostInstance: HostInstance;
  readonly pid: number;
};

/** What the only worker was called before workers had ids of their own. */
const BEFORE_IDS = "local";

/**
 * Records that this worker is here; answers its new epoch, one higher than any before it. Live runs of a version that did not
 * record the worker become its own: that version had one worker, on this machine.
 */
export function registerWorker(store: Store, worker: WorkerRegistration, now: number): Promise<number> {
  const seen = { ...worker, startedAt: new Date(now), heartbeatAt: new Date(now) };
  return store.write(async (tx) => {
    const earlier = await tx.worker.findUnique({ where: { id: BEFORE_IDS } });
    const row = await tx.worker.upsert({
      where: { id: worker.id },
      create: { ...seen, epoch: (earlier?.epoch ?? 0) + 1 },
      update: { ...seen, epoch: { increment: 1 } },
    });
    if (earlier !== null) await tx.worker.delete({ where: { id: BEFORE_IDS } });
    await tx.run.updateMany({
      where: { workerId: null, state: { in: ACTIVE_STATES.filter((state) => state !== "queued") } },
      data: { workerId: worker.id },
    });
    return row.epoch;
  });
}

/** The worker that registered last; null: none has yet. */
export async function newestWorker(store: Store): Promise<WorkerId | null> {
  const row = await store.read.worker.findFirst({
    where: { id: { not: BEFORE_IDS } },
    orderBy: { startedAt: "desc" },
  });
  return row === null ? null : (row.id as WorkerId);
}

export async function beat(store: Store, id: WorkerId, now: number): Promise<void> {
  await store.write((tx) => tx.worker.update({ where: { id }, data: { heartbeatAt: new Date(now) } }));
}
