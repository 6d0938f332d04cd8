import { lifeOf } from "../life/life";
import { measureLog } from "../life/log-growth";
import { capOf } from "../log/cap-state";
import type { Duty } from "../watch/duty";
import type { Watched } from "../watch/watched";
import { isOver, keepCap, needsLook } from "./keep-cap";

const FAST_EVERY_MS = 250;
const SWEEP_EVERY_MS = 2_000;
/** A log that would be over its cap within this time is not left to the next sweep. */
const AHEAD_MS = 4_000;

/**
 * Keeps the logs of watched runs below their caps. The sweep shows it every log; one that grows fast it looks at by itself,
 * more often.
 */
export function logKeeper(duty: Duty): (watched: Watched) => void {
  const fast = new Set<Watched>();
  let timer: NodeJS.Timeout | null = null;

  return function see(watched: Watched): void {
    if (isFast(watched)) fast.add(watched);
    if (needsLook(watched)) lookAt(watched);
    else remember(watched);
    schedule();
  };

  function schedule(): void {
    if (timer !== null || fast.size === 0 || duty.abort.aborted) return;
    timer = setTimeout(() => {
      timer = null;
      for (const watched of fast) {
        if (duty.list.get(watched.run.id) !== watched) fast.delete(watched);
        else lookAgain(watched);
      }
      schedule();
    }, FAST_EVERY_MS);
    timer.unref();
  }

  function lookAgain(watched: Watched): void {
    measureLog(duty.ports, watched);
    if (!isFast(watched)) fast.delete(watched);
    if (needsLook(watched)) lookAt(watched);
    else remember(watched);
  }

  function lookAt(watched: Watched): void {
    if (capOf(watched).look !== null) return;
    void duty.tasks.run("log-cap", () => keepCap(duty.ports, watched));
  }
}

function remember(watched: Watched): void {
  const cap = capOf(watched);
  cap.size = lifeOf(watched).logBytes;
  cap.sizeAt = performance.now();
}

function isFast(watched: Watched): boolean {
  const { run } = watched;
  const cap = capOf(watched);
  const life = lifeOf(watched);
  if (cap.unsupported) return false;
  // One that was quiet is looked at less often: what it has written then may all have come since the last sweep.
  const sinceMs = Math.min(SWEEP_EVERY_MS, Math.max(1, performance.now() - cap.sizeAt));
  const perMs = Math.max(0, life.logBytes - cap.size) / sinceMs;
  return isOver(life.logBytes - cap.dropped + perMs * AHEAD_MS, run.spec.logCapBytes);
}
