import { startedAs } from "@/lib/domain/run";
import { perRun } from "../files/per-run";
import { progressFileOf, userOf } from "../files/user-folders";
import { type ProgressFileState, readProgressFile } from "../traces/progress-file";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";
import { lifeOf } from "./life";
import { measureLog } from "./log-growth";
import { reported, spoke } from "./signs";

const stateOf = perRun((_: Watched): ProgressFileState => ({ seen: null, rereads: 0 }));

/** Looks at what a run may have left in our own folder since the last look: its log, its progress file. Never throws. */
export function lookForLife(ports: SupervisorPorts, watched: Watched, last = false): void {
  measureLog(ports, watched, last);
  lookAtProgressFile(ports, watched, last);
}

function lookAtProgressFile(ports: SupervisorPorts, watched: Watched, last: boolean): void {
  const first = stateOf(watched).seen === null && watched.adopted;
  const before = lifeOf(watched).progress;
  const found = readSafely(ports, watched, last);
  if (found === null) return;
  reported(watched, found.report);
  // What an earlier dashboard has read already, or what is read once more, is no sign of its own.
  const counts = !found.again && !first;
  if (counts || lifeOf(watched).progress !== before) spoke(watched, "progress", ports.now());
}

function readSafely({ files, paths }: SupervisorPorts, watched: Watched, last: boolean) {
  try {
    const user = userOf(watched.run, files);
    const path = progressFileOf(paths, user, startedAs(watched.run));
    return readProgressFile(path, user !== null, stateOf(watched), last);
  } catch {
    // The run's folder cannot be entered: no sign of life then.
    return null;
  }
}
