import { closeSync, fstatSync, lstatSync, readSync } from "node:fs";
import { openLogForReading } from "../log/log-file";
import { goOnFrom, readLines } from "../traces/log-lines";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";
import { takeProgressLine } from "./kind-progress";
import { reported, spoke } from "./signs";

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
  // Shorter than it was, or with something else where it ended: it has been emptied, and what comes now begins a line.
  const anew = size < life.logBytes || isRewritten(watched, descriptor);
  if (anew) watched.cap.rewrittenFrom = Math.max(watched.cap.rewrittenFrom ?? 0, life.logBytes);
  if (anew) watched.scan = null;
  const begin = anew ? 0 : life.logBytes;
  watched.scan ??= goOnFrom(descriptor, begin);
  const lines = readLines(descriptor, watched.scan, begin, size, last, (all) =>
    takeProgressLine(watched, all),
  );
  const beat = lines.at(-1)?.type === "heartbeat";
  watched.cap.newest = bytesBefore(descriptor, size);
  if (size > life.logBytes || anew)
    spoke(watched, beat ? "heartbeat" : lines.length > 0 ? "progress" : "log", shownAt(ports, mtimeMs));
  life.logBytes = size;
  for (const line of lines) if (line.type === "progress") reported(watched, line.report);
}

const NEWEST_BYTES = 64;

function bytesBefore(file: number, end: number): Buffer {
  const want = Math.min(NEWEST_BYTES, end);
  const buffer = Buffer.alloc(want);
  return buffer.subarray(0, readSync(file, buffer, 0, want, end - want));
}

/** Whether other bytes stand where it ended at the last look. A hole that the cap has made since says nothing. */
function isRewritten({ cap, life }: Watched, file: number): boolean {
  const { newest, dropped } = cap;
  if (newest.length === 0 || dropped > life.logBytes - newest.length) return false;
  return !bytesBefore(file, life.logBytes).subarray(-newest.length).equals(newest);
}

/** When it was written, which is up to a sweep ago; never in the future, whoever set whichever clock. */
function shownAt(ports: SupervisorPorts, mtimeMs: number): number {
  return Math.min(ports.now(), Math.round(mtimeMs));
}
