import { closeSync, fstatSync, lstatSync } from "node:fs";
import { takeProgressLine } from "./life/kind-progress";
import { goOnFrom, readLines } from "./life/log-lines";
import { reported, spoke } from "./life/signs";
import { openLogForReading } from "./log-file";
import type { SupervisorPorts } from "./ports";
import type { Watched } from "./watched";

/**
 * The log as it is now, and what the run says in it; what cannot be read keeps its last known size.
 * @param last nothing more will be written
 */
export function measureLog(ports: SupervisorPorts, watched: Watched, last = false): void {
  watched.measuredAt = performance.now();
  const path = ports.logFile(watched.run);
  if (!last && isUnchanged(path, watched.life.logBytes)) return;
  try {
    const descriptor = openLogForReading(path);
    try {
      takeIn(ports, watched, descriptor, last);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // No log, or one that is refused: no sign of life then.
  }
}

/** Most logs have not grown since the last look two seconds ago, and opening one with all precautions costs ten times this. */
function isUnchanged(path: string, bytes: number): boolean {
  try {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    return entry === undefined ? bytes === 0 : entry.isFile() && entry.size === bytes;
  } catch {
    return false;
  }
}

function takeIn(ports: SupervisorPorts, watched: Watched, descriptor: number, last: boolean): void {
  const { life } = watched;
  const { size, mtimeMs } = fstatSync(descriptor);
  if (size === life.logBytes && !last) return;
  const from = Math.min(life.logBytes, size);
  // Shorter than it was: somebody has emptied it, and what comes now begins a line.
  if (size < life.logBytes) watched.scan = null;
  watched.scan ??= goOnFrom(descriptor, size < life.logBytes ? 0 : from);
  const begin = size < life.logBytes ? 0 : from;
  const lines = readLines(descriptor, watched.scan, begin, size, last, (all) =>
    takeProgressLine(watched, all),
  );
  const beat = lines.at(-1)?.type === "heartbeat";
  if (size > life.logBytes)
    spoke(watched, beat ? "heartbeat" : lines.length > 0 ? "progress" : "log", shownAt(ports, mtimeMs));
  life.logBytes = size;
  for (const line of lines) if (line.type === "progress") reported(watched, line.report);
}

/** When it was written, which is up to a sweep ago; never in the future, whoever set whichever clock. */
function shownAt(ports: SupervisorPorts, mtimeMs: number): number {
  return Math.min(ports.now(), Math.round(mtimeMs));
}
