import { closeSync, fstatSync } from "node:fs";
import { openLogForReading } from "./log-file";
import type { SupervisorPorts } from "./ports";
import type { Watched } from "./watched";

/** The log as it is now; what cannot be read keeps its last known size. */
export function measureLog(ports: SupervisorPorts, watched: Watched) {
  const { life, run } = watched;
  watched.measuredAt = performance.now();
  try {
    const descriptor = openLogForReading(ports.logFile(run));
    try {
      const { size, mtimeMs } = fstatSync(descriptor);
      if (size !== life.logBytes) {
        watched.life = {
          logBytes: size,
          lastLifeAt: Math.max(life.lastLifeAt ?? 0, Math.round(mtimeMs)),
          saved: false,
        };
        watched.monotonic.spokeAt = performance.now();
      }
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // No log, or one that is refused: no sign of life then.
  }
  return { runId: run.id, logBytes: watched.life.logBytes, lastLifeAt: watched.life.lastLifeAt };
}
