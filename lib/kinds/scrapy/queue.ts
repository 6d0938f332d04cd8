import { join } from "node:path";
import type { Files, Look } from "@/lib/domain/files";
import { isRecord, jsonOf } from "../parse";

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
export async function readQueue(files: Files, path: string): Promise<Queue> {
  const queue: Queue = {
    requests: 0,
    sqlite: false,
    bytes: 0,
    newestMs: 0,
    problem: null,
    entriesLeft: MAX_ENTRIES,
  };
  await addFolder(files, path, 1, queue);
  return queue;
}

async function addFolder(files: Files, path: string, depth: number, queue: Queue): Promise<void> {
  const { entries, more } = await files.list(path, queue.entriesLeft, HEADER_BYTES);
  queue.entriesLeft = more ? 0 : queue.entriesLeft - entries.length;
  const isFifo = entries.some(({ name }) => name === "info.json");
  if (isFifo) await addFifo(files, path, queue);
  for (const entry of entries) {
    const { name, kind } = entry;
    if (name === "active.json" || name === "info.json") continue;
    const its = join(path, name);
    if (kind === "folder" && depth < MAX_DEPTH) await addFolder(files, its, depth + 1, queue);
    if (kind !== "file") continue;
    queue.bytes += entry.size;
    queue.newestMs = Math.max(queue.newestMs, entry.modifiedMs);
    if (!isFifo) addLifo(its, entry, queue);
  }
}

function addLifo(path: string, { size, bytes }: Look, queue: Queue): void {
  if (bytes === undefined || size < 4) return;
  const head = Buffer.from(bytes);
  if (head.toString("latin1").startsWith(SQLITE)) {
    queue.sqlite = true;
    return;
  }
  // SQLite's own companions (-wal, -shm, -journal) are no queues.
  if (/-(wal|shm|journal)$/.test(path)) return;
  const requests = head.readUInt32BE(0);
  if (requests * MIN_RECORD_BYTES > size - 4)
    queue.problem ??= `${path} says it holds ${requests} requests, but has ${size} bytes`;
  else queue.requests += requests;
}

async function addFifo(files: Files, path: string, queue: Queue): Promise<void> {
  const info = await files.look(join(path, "info.json"), MAX_INFO_BYTES);
  const value = jsonOf(info?.bytes);
  const size = isRecord(value) ? value.size : null;
  if (typeof size === "number" && Number.isSafeInteger(size) && size >= 0) queue.requests += size;
  else queue.problem ??= `${join(path, "info.json")} does not say how many requests there are`;
  queue.newestMs = Math.max(queue.newestMs, info?.modifiedMs ?? 0);
}
