import { join, resolve } from "node:path";
import type { Files, Look } from "@/lib/domain/files";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import { isRecord, jsonOf } from "../parse";
import { type Queue, readQueue } from "./queue";

/** Read of the list of seen pages, and of the list of queues. */
const MAX_BYTES = 1024 * 1024;
/** A fingerprint in hexadecimal and a newline. */
const FINGERPRINT_BYTES = 41;
/** File systems round times differently; `active.json` is written right after the queue's files. */
const SAME_MOMENT_MS = 50;
/** The list of seen pages is closed a moment after it. */
const CLOSING_MS = 2_000;

type Seen = { readonly bytes: number; readonly pages: number; readonly modifiedMs: number };
type Active = { readonly empty: boolean; readonly modifiedMs: number };

/**
 * Reads a Scrapy JOBDIR. Scrapy writes its queue's length and `active.json` only when it closes in order, so a JOBDIR of a crawl
 * that was killed looks full and has lost its queue: that is `degraded`, and not something to go on from.
 */
export async function readJobdir(files: Files, cwd: string, checkpoint: string): Promise<CheckpointFacts> {
  const path = resolve(cwd, checkpoint);
  const entry = await files.look(path);
  if (entry === null) return { found: "none", path };
  if (entry.kind === "link")
    return { found: "unreadable", path, problem: "it is a link, which is not followed" };
  if (entry.kind !== "folder")
    return { found: "unreadable", path, problem: "a JOBDIR is a folder, this is not" };
  const queue = await readQueue(files, join(path, "requests.queue"));
  const its = [join(path, "requests.seen"), join(path, "requests.queue", "active.json")];
  const [seenFile = null, activeFile = null] = await files.looks(its, MAX_BYTES);
  const seen = readSeen(seenFile);
  const active = readActive(activeFile);
  if (active === "corrupt")
    return { found: "unreadable", path, problem: "its requests.queue/active.json is not what Scrapy writes" };
  if (queue.problem !== null) return { found: "unreadable", path, problem: queue.problem };
  const modifiedAt = Math.round(
    Math.max(entry.modifiedMs, queue.newestMs, seen.modifiedMs, active?.modifiedMs ?? 0),
  );
  const facts = { path, modifiedAt, bytes: queue.bytes + seen.bytes };
  if (queue.sqlite && active?.empty !== true) return placed(facts, `a queue in SQLite, ${pages(seen)} seen`);
  if (active === null || isStale(active, queue, seen)) return unclosed(facts, queue, seen);
  if (active.empty && queue.requests === 0)
    return { found: "complete", ...facts, summary: `no request is left, ${pages(seen)} seen` };
  if (queue.requests > 0)
    return placed(facts, `${counted(queue.requests, "request")} queued, ${pages(seen)} seen`);
  return queue.bytes > 4 ? unclosed(facts, queue, seen) : unwritten(facts, seen);
}

/** A crawl that went on with this JOBDIR and was killed leaves the list of the crawl before it. */
function isStale(active: Active, queue: Queue, seen: Seen): boolean {
  return (
    queue.newestMs > active.modifiedMs + SAME_MOMENT_MS || seen.modifiedMs > active.modifiedMs + CLOSING_MS
  );
}

/** Its queue is where it stands. */
function placed(
  facts: { path: string; modifiedAt: number; bytes: number },
  summary: string,
): CheckpointFacts {
  return { found: "data", ...facts, summary, place: summary };
}

function unclosed(
  facts: { path: string; modifiedAt: number; bytes: number },
  queue: Queue,
  seen: Seen,
): CheckpointFacts {
  if (queue.bytes <= 4 && seen.bytes === 0)
    return { found: "empty", path: facts.path, modifiedAt: facts.modifiedAt };
  const left = queue.bytes > 4 ? `a queue of ${queue.bytes.toLocaleString("en")} bytes` : "a queue";
  return {
    found: "degraded",
    ...facts,
    summary: `${left} that was never closed, ${pages(seen)} seen`,
    problem:
      "Scrapy saves its queue only when it closes in order, and it did not: the URLs that were queued are lost. Going on would also skip pages that were seen but never finished. Start fresh; what is there is kept",
  };
}

/** Closed in order, with queues named that hold nothing: requests were left, and none of them could be written. */
function unwritten(facts: { path: string; modifiedAt: number; bytes: number }, seen: Seen): CheckpointFacts {
  return {
    found: "degraded",
    ...facts,
    summary: `requests were left and none was saved, ${pages(seen)} seen`,
    problem:
      "requests were left when Scrapy closed, and none of them could be written to the JOBDIR (scheduler/unserializable), as with a lambda for a callback: they are lost. Start fresh; what is there is kept",
  };
}

function readSeen(file: Look | null): Seen {
  if (file?.bytes === undefined) return { bytes: 0, pages: 0, modifiedMs: 0 };
  const lines = file.bytes.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0);
  const pagesSeen = file.size > MAX_BYTES ? Math.round(file.size / FINGERPRINT_BYTES) : lines;
  return { bytes: file.size, pages: pagesSeen, modifiedMs: file.modifiedMs };
}

function readActive(file: Look | null): Active | "corrupt" | null {
  if (file?.bytes === undefined) return null;
  const value = jsonOf(file.bytes);
  const { modifiedMs } = file;
  if (Array.isArray(value)) return { empty: value.length === 0, modifiedMs };
  return isRecord(value) ? { empty: Object.keys(value).length === 0, modifiedMs } : "corrupt";
}

function pages(seen: Seen): string {
  return counted(seen.pages, "page");
}

function counted(count: number, one: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : `${one}s`}`;
}
