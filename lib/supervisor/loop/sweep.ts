import { newSlice } from "@/lib/turns";
import { isOverLimit, keepLimits } from "../ending/endings";
import { reconciler } from "../finding-out/reconcile";
import { isUndisturbed, type Overview, recordedEnds } from "../finding-out/undisturbed";
import { isTimeToLook } from "../life/how-often";
import { lifeOf } from "../life/life";
import { measuredAt } from "../life/log-growth";
import { checkpointLooker } from "../life/look-at-checkpoints";
import { lookForLife } from "../life/look-for-life";
import { logKeeper } from "../log-upkeep/keeper";
import { keepPump } from "../log-upkeep/log-pipe";
import { keepPidFile } from "../pid-file/keep-pid-file";
import type { Duty } from "../watch/duty";
import { isEnding, isLaunching, isLooking } from "../watch/phase";
import type { Watched } from "../watch/watched";

const SWEEP_EVERY_MS = 2_000;
/** Runs. */
const MANY = 50;
const SAVE_LIFE_EVERY_MS = 10_000;

export type Sweeping = {
  stop(): void;
};

/** Looks at every watched run again and again. This is the truth; events and watches only make it faster. */
export function startSweeping(duty: Duty): Sweeping {
  let timer: NodeJS.Timeout | null = null;
  let savedAt = 0;
  const reconcile = reconciler(duty);
  const keepLogBelowCap = logKeeper(duty);
  const lookAtCheckpoints = checkpointLooker(duty);
  schedule();
  return {
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
    duty.ports.clock.look();
    lookAtCheckpoints();
    await lookAtAll(duty, keepLogBelowCap);
    if (performance.now() - savedAt < SAVE_LIFE_EVERY_MS || duty.abort.aborted) return;
    savedAt = performance.now();
    await duty.ports.beat();
    duty.life.soon();
    await reconcile();
  }
}

/** Nothing here waits for a disk that is not ours. */
function lookAtOne(
  duty: Duty,
  watched: Watched,
  keepLogBelowCap: (watched: Watched) => void,
  overview: Overview | null,
): void {
  if (isTimeToLook(watched, measuredAt(watched))) {
    lookForLife(duty.ports, watched);
    if (lifeOf(watched).urgent) duty.life.soon();
    keepLogBelowCap(watched);
  }
  if (watched.run.spec.pidFile !== null && !isLaunching(watched))
    void keepPidFile(duty.ports, duty.list, watched);
  if (watched.tree.pump != null && !isLaunching(watched))
    void duty.tasks.run("log-pump", () => keepPump(duty.ports, watched));
  if (isLooking(watched) || isEnding(watched)) return;
  if (overview === null || !isUndisturbed(duty.ports, watched, overview)) duty.takeUp(watched);
  if (isOverLimit(watched)) keepLimits(duty, watched);
}

async function lookAtAll(duty: Duty, keepLogBelowCap: (watched: Watched) => void): Promise<void> {
  const overview = overviewOf(duty);
  const slice = newSlice();
  for (const watched of [...duty.list.values()]) {
    if (duty.abort.aborted) return;
    // One that cannot be looked at must not keep the sweep from the others.
    try {
      lookAtOne(duty, watched, keepLogBelowCap, overview);
    } catch (error) {
      void duty.tasks.run("sweep", () => Promise.reject(error));
    }
    if (slice.isOver()) await slice.next();
  }
}

/** None where they cannot be read, for want of descriptors say: then each launcher is asked for by itself. */
function childrenOf({ processes }: Duty["ports"], parent: number): ReadonlySet<number> {
  try {
    return processes.children(parent);
  } catch {
    return new Set();
  }
}

/** null: the records cannot be read, and each run is looked at by itself. */
function overviewOf({ ports, list }: Duty): Overview | null {
  const recorded = recordedEnds(ports.paths.exits);
  if (recorded === null) return null;
  const families = new Map<number, ReadonlySet<number>>();
  const children = (parent: number) => {
    const found = families.get(parent) ?? childrenOf(ports, parent);
    families.set(parent, found);
    return found;
  };
  return { recorded, many: list.size >= MANY, children };
}
