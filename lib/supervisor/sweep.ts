import { setImmediate as nextTurn } from "node:timers/promises";
import type { Duty } from "./duty";
import { keepLimits } from "./endings";
import { logKeeper } from "./log-cap/keeper";
import { measureLog } from "./log-growth";
import { reconciler } from "./reconcile";
import type { Watched } from "./watched";

const SWEEP_EVERY_MS = 2_000;
const SWEEP_SLICE = 100;
const SAVE_LIFE_EVERY_MS = 10_000;

export type Sweeping = {
  /** Writes down what has not been written yet. */
  saveLife(): Promise<void>;
  stop(): void;
};

/** Looks at every watched run again and again. This is the truth; events and watches only make it faster. */
export function startSweeping(duty: Duty): Sweeping {
  let timer: NodeJS.Timeout | null = null;
  let savedAt = 0;
  const reconcile = reconciler(duty);
  const keepLogBelowCap = logKeeper(duty);
  schedule();
  return {
    saveLife: () => saveLife(duty),
    stop: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };

  function schedule(): void {
    timer = setTimeout(() => {
      void duty.tasks.run("sweep", sweep).finally(() => {
        if (!duty.abort.aborted) schedule();
      });
    }, SWEEP_EVERY_MS);
    timer.unref();
  }

  async function sweep(): Promise<void> {
    await lookAtAll(duty, keepLogBelowCap);
    if (performance.now() - savedAt < SAVE_LIFE_EVERY_MS || duty.abort.aborted) return;
    savedAt = performance.now();
    await duty.ports.beat();
    await saveLife(duty);
    await reconcile();
  }
}

async function lookAtAll(duty: Duty, keepLogBelowCap: (watched: Watched) => void): Promise<void> {
  let count = 0;
  for (const watched of [...duty.list.values()]) {
    if (duty.abort.aborted) return;
    measureLog(duty.ports, watched);
    keepLogBelowCap(watched);
    if (!watched.looking && !watched.ending) {
      duty.takeUp(watched);
      await keepLimits(duty, watched);
    }
    count += 1;
    if (count % SWEEP_SLICE === 0) await nextTurn();
  }
}

async function saveLife({ list, ports }: Duty): Promise<void> {
  const fresh = [...list.values()].filter((watched) => !watched.life.saved);
  if (fresh.length === 0) return;
  await ports.records.saveLifeSigns(fresh.map(({ run, life }) => ({ runId: run.id, ...life })));
  for (const watched of fresh) watched.life.saved = true;
}
