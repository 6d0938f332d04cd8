import { closeSync, fstatSync, lstatSync, readSync } from "node:fs";
import { perRun } from "../files/per-run";
import { capOf } from "../log/cap-state";
import { openLogForReading } from "../log/log-file";
import type { ScanState } from "../traces/line-scanner";
import { goOnFrom, readLines } from "../traces/log-lines";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";
import { takeProgressLine } from "./kind-progress";
import { lifeOf } from "./life";
import { reported, spoke } from "./signs";

/** Where the reading of a log stands. */
const readingOf = perRun((_: Watched): { measuredAt: number; scan: ScanState | null } => ({
  measuredAt: Number.NEGATIVE_INFINITY,
  scan: null,
}));

/** @returns monotonic time of the last look at its log; minus infinity: there was none yet */
export function measuredAt(watched: Watched): number {
  return readingOf(watched).measuredAt;
}

/**
 * The log as it is now, and what the run says in it; what cannot be read keeps its last known size.
 * @param last nothing more will be written
 */
export function measureLog(ports: SupervisorPorts, watched: Watched, last = false): void {
  readingOf(watched).measuredAt = performance.now();
  const path = ports.logFile(watched.run);
  if (!last && isUnchanged(path, lifeOf(watched).logBytes)) return;
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
  const life = lifeOf(watched);
  const cap = capOf(watched);
  const reading = readingOf(watched);
  const { size, mtimeMs } = fstatSync(descriptor);
  if (size === life.logBytes && !last) return;
  // Shorter than it was, or with something else where it ended: it has been emptied, and what comes now begins a line.
  const anew = size < life.logBytes || isRewritten(watched, descriptor);
  if (anew) cap.rewrittenFrom = Math.max(cap.rewrittenFrom ?? 0, life.logBytes);
  if (anew) reading.scan = null;
  const begin = anew ? 0 : life.logBytes;
  reading.scan ??= goOnFrom(descriptor, begin);
  const lines = readLines(descriptor, reading.scan, begin, size, last, (all) =>
    takeProgressLine(watched, all),
  );
  const beat = lines.at(-1)?.type === "heartbeat";
  cap.newest = bytesBefore(descriptor, size);
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
function isRewritten(watched: Watched, file: number): boolean {
  const life = lifeOf(watched);
  const { newest, dropped } = capOf(watched);
  if (newest.length === 0 || dropped > life.logBytes - newest.length) return false;
  return !bytesBefore(file, life.logBytes).subarray(-newest.length).equals(newest);
}

/** When it was written, which is up to a sweep ago; never in the future, even if a clock was set. */
function shownAt(ports: SupervisorPorts, mtimeMs: number): number {
  return Math.min(ports.now(), Math.round(mtimeMs));
}
