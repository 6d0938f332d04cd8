import { join } from "node:path";
import { entryAt, isRecord, namesIn, parseJson, readStart } from "../bounded";

/** What the files of a request queue say. Their records are pickles and are never opened: unpickling runs code. */
export type Queue = {
  /** Requests by the files' own headers, which are written only when Scrapy closes the queue. */
  requests: number;
  /** A queue in SQLite survives a kill, and does not tell its length from outside. */
  sqlite: boolean;
  bytes: number;
  newestMs: number;
  /** What cannot be what Scrapy wrote. */
  problem: string | null;
  entriesLeft: number;
};

const MAX_ENTRIES = 2_000;
const MAX_DEPTH = 3;
const HEADER_BYTES = 16;
const MAX_INFO_BYTES = 4_096;
const SQLITE = "SQLite format 3\0";
/** The least a record takes in a file: one byte and its length. */
const MIN_RECORD_BYTES = 5;

/** Reads `requests.queue`: files (last in, first out), folders with `info.json` (first in, first out), or folders per site. */
export function readQueue(path: string): Queue {
  const queue: Queue = {
    requests: 0,
    sqlite: false,
    bytes: 0,
    newestMs: 0,
    problem: null,
    entriesLeft: MAX_ENTRIES,
  };
  addFolder(path, 1, queue);
  return queue;
}

function addFolder(path: string, depth: number, queue: Queue): void {
  const { names } = namesIn(path, queue.entriesLeft);
  queue.entriesLeft -= names.length;
  if (names.includes("info.json")) addFifo(path, queue);
  for (const name of names) {
    if (name === "active.json" || name === "info.json") continue;
    const entry = entryAt(join(path, name));
    if (entry?.isDirectory() && depth < MAX_DEPTH) addFolder(join(path, name), depth + 1, queue);
    if (!entry?.isFile()) continue;
    queue.bytes += entry.size;
    queue.newestMs = Math.max(queue.newestMs, entry.mtimeMs);
    if (!names.includes("info.json")) addLifo(join(path, name), queue);
  }
}

function addLifo(path: string, queue: Queue): void {
  const file = readStart(path, HEADER_BYTES);
  if (file === null || file.size < 4) return;
  if (file.bytes.toString("latin1").startsWith(SQLITE)) {
    queue.sqlite = true;
    return;
  }
  // SQLite's own companions (-wal, -shm, -journal) are no queues.
  if (/-(wal|shm|journal)$/.test(path)) return;
  const requests = file.bytes.readUInt32BE(0);
  if (requests * MIN_RECORD_BYTES > file.size - 4)
    queue.problem ??= `${path} says it holds ${requests} requests, but has ${file.size} bytes`;
  else queue.requests += requests;
}

function addFifo(path: string, queue: Queue): void {
  const info = readStart(join(path, "info.json"), MAX_INFO_BYTES);
  const value = info === null ? null : parseJson(info.bytes.toString("utf8"));
  const size = isRecord(value) ? value.size : null;
  if (typeof size === "number" && Number.isSafeInteger(size) && size >= 0) queue.requests += size;
  else queue.problem ??= `${join(path, "info.json")} does not tell how many requests there are`;
  queue.newestMs = Math.max(queue.newestMs, info?.modifiedMs ?? 0);
}
