import type { SupervisorLog } from "../files/supervisor-log";

/** Every background promise of the supervisor: none is forgotten, none fails unseen, and shutdown waits for all. */
export type Tracker = {
  run(name: string, work: () => Promise<void>): Promise<void>;
  settled(): Promise<void>;
};

export function tracker(log: SupervisorLog): Tracker {
  const pending = new Set<Promise<void>>();
  return {
    run(name, work) {
      const task = work().catch((error: unknown) => {
        log.error(
          { task: name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
          "task.failed",
        );
      });
      pending.add(task);
      return task.finally(() => pending.delete(task));
    },
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
