import type { LifeSigns } from "@/lib/domain/ports/records";
import type { LifeSaver } from "../watch/duty";
import type { SupervisorPorts } from "../watch/ports";
import type { Tracker } from "../watch/tracker";
import type { Watched, Watchlist } from "../watch/watched";
import { lifeOf } from "./life";

/** What it needs of the duty it is part of. */
type Basis = {
  readonly ports: SupervisorPorts;
  readonly list: Watchlist;
  readonly tasks: Tracker;
  readonly abort: AbortSignal;
};

/** However many runs report however often: one write a second. */
const SAVE_EVERY_MS = 1_000;

export function lifeSaver({ ports, list, tasks, abort }: Basis): LifeSaver {
  let timer: NodeJS.Timeout | null = null;
  let savedAt = Number.NEGATIVE_INFINITY;
  return { soon, save, stop };

  function soon(): void {
    if (timer !== null || abort.aborted) return;
    const waitMs = Math.max(0, savedAt + SAVE_EVERY_MS - performance.now());
    timer = setTimeout(() => {
      // The timer's slot stays taken until the write is over: two at once would be more than one a second.
      void tasks.run("save-life", save).finally(() => {
        timer = null;
        if (!abort.aborted && hasUrgent()) soon();
      });
    }, waitMs);
    timer.unref();
  }

  async function save(): Promise<void> {
    savedAt = performance.now();
    const fresh = [...list.values()].filter((watched) => !lifeOf(watched).saved);
    if (fresh.length === 0) return;
    const marks = fresh.map(lifeOf).map((life) => ({ life, urgent: life.urgent }));
    const signs = fresh.map(lifeSigns);
    // Before the write: what is reported while it is under way is new.
    for (const { life } of marks) Object.assign(life, { saved: true, urgent: false });
    try {
      await ports.records.saveLifeSigns(signs);
    } catch (error) {
      for (const { life, urgent } of marks)
        Object.assign(life, { saved: false, urgent: life.urgent || urgent });
      throw error;
    }
  }

  function hasUrgent(): boolean {
    return [...list.values()].some((watched) => lifeOf(watched).urgent);
  }

  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }
}

export function lifeSigns(watched: Watched): LifeSigns {
  const { logBytes, lastLifeAt, progress, usualGapMs } = lifeOf(watched);
  return { runId: watched.run.id, logBytes, lastLifeAt, progress, usualGapMs };
}
