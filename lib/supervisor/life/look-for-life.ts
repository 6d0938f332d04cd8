import { measureLog } from "../log-growth";
import type { SupervisorPorts } from "../ports";
import type { Watched } from "../watched";
import { checkpointChanged, checkpointChangedBelow, walkIsDue } from "./checkpoint-changes";
import { takeProgressFiles } from "./kind-progress";
import { readProgressFile } from "./progress-file";
import { reported, spoke } from "./signs";

/** Looks at everything a run may have left since the last look: its log, its checkpoint, its progress file. Never throws. */
export function lookForLife(ports: SupervisorPorts, watched: Watched, last = false): void {
  measureLog(ports, watched, last);
  if (checkpointChanged(watched.checkpoint)) spoke(watched, "checkpoint", ports.now());
  lookAtProgressFile(ports, watched, last);
}

function lookAtProgressFile(ports: SupervisorPorts, watched: Watched, last: boolean): void {
  const first = watched.progressFile.seen === null && watched.adopted;
  const before = watched.life.progress;
  const found = readSafely(watched, last);
  if (found === null) return;
  reported(watched, found.report);
  // What an earlier dashboard has read already, or what is read once more, is no sign of its own.
  const counts = !found.again && !first;
  if (counts || watched.life.progress !== before) spoke(watched, "progress", ports.now());
}

function readSafely({ files, progressFile }: Watched, last: boolean) {
  try {
    return readProgressFile(files, progressFile, last);
  } catch {
    // The run's folder cannot be entered: no sign of life then.
    return null;
  }
}

/** A budget for all runs of one sweep: 2 s of sweeps cost at most this much, however many folders there are. */
const WALKS_MS = 40;

/** Looks below checkpoint folders whose turn it is, those waiting longest first. */
export async function walkCheckpoints(ports: SupervisorPorts, list: Iterable<Watched>): Promise<void> {
  const due = [...list].filter(({ checkpoint }) => walkIsDue(checkpoint));
  due.sort((a, b) => a.checkpoint.walkedAt - b.checkpoint.walkedAt);
  const began = performance.now();
  for (const watched of due) {
    if (performance.now() - began > WALKS_MS) return;
    await lookBelow(ports, watched);
  }
}

/** Before a run is called silent, everything is looked at once more, the depths of its checkpoint too. */
export async function lookClosely(ports: SupervisorPorts, watched: Watched): Promise<void> {
  lookForLife(ports, watched);
  await lookBelow(ports, watched);
}

async function lookBelow(ports: SupervisorPorts, watched: Watched): Promise<void> {
  takeProgressFiles(watched);
  if (await checkpointChangedBelow(watched.checkpoint)) spoke(watched, "checkpoint", ports.now());
}
