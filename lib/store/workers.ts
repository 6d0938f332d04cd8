import type { HostInstance } from "@/lib/domain/run";
import type { Store } from "./transaction";

export type WorkerRegistration = {
  readonly id: string;
  readonly hostname: string;
  readonly hostInstance: HostInstance;
  readonly pid: number;
};

/** Writes down that this host's supervisor is here; answers its new epoch, one higher than any before it. */
export function registerWorker(store: Store, worker: WorkerRegistration, now: number): Promise<number> {
  const seen = { ...worker, startedAt: new Date(now), heartbeatAt: new Date(now) };
  return store.write(async (tx) => {
    const row = await tx.worker.upsert({
      where: { id: worker.id },
      create: { ...seen, epoch: 1 },
      update: { ...seen, epoch: { increment: 1 } },
    });
    return row.epoch;
  });
}

export async function beat(store: Store, id: string, now: number): Promise<void> {
  await store.write((tx) => tx.worker.update({ where: { id }, data: { heartbeatAt: new Date(now) } }));
}
