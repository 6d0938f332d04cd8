import { join } from "node:path";
import { entryAt, isRecord, namesIn, parseJson, readStart } from "../bounded";

/** What is in Crawlee's request queues, one file for each request. */
export type Queues = {
  pending: number;
  /** Taken by a crawler that has not given them back; open to others when the lock has passed. */
  locked: number;
  handled: number;
  /** Files that are no request as Crawlee 3 writes it. */
  strange: number;
  bytes: number;
  newestMs: number;
  /** False when there are more requests than were looked at. */
  whole: boolean;
};

export type Bounds = { readonly files: number; readonly ms: number };

/** For a look in between; far less than a request may take. */
export const QUICK: Bounds = { files: 1_000, ms: 15 };
/** For the one look at the end of a run, which gives others their turn. */
export const THOROUGH: Bounds = { files: 100_000, ms: 5_000 };

/** So many are looked at however long it takes: what is small is told exactly on a busy machine, too. */
const AT_LEAST = 200;
const MAX_QUEUES = 20;
const MAX_REQUEST_BYTES = 256 * 1024;

/**
 * Counts the requests of all queues, file by file; whoever drives it decides when to go on.
 * @param now epoch milliseconds: a lock is a time in the future
 */
export function* countRequests(storage: string, now: number, bounds: Bounds): Generator<void, Queues> {
  const queues: Queues = {
    pending: 0,
    locked: 0,
    handled: 0,
    strange: 0,
    bytes: 0,
    newestMs: 0,
    whole: true,
  };
  const root = join(storage, "request_queues");
  const folders = namesIn(root, MAX_QUEUES);
  queues.whole = !folders.more;
  let filesLeft = bounds.files;
  const began = performance.now();
  for (const folder of folders.names) {
    const { names, more } = namesIn(join(root, folder), filesLeft + 1);
    if (more) queues.whole = false;
    for (const name of names) {
      const late = bounds.files - filesLeft >= AT_LEAST && performance.now() - began > bounds.ms;
      if (filesLeft <= 0 || late) return { ...queues, whole: false };
      if (name.endsWith(".lock") || name === "__metadata__.json") continue;
      filesLeft -= 1;
      addRequest(join(root, folder, name), now, queues);
      yield;
    }
  }
  return queues;
}

function addRequest(path: string, now: number, queues: Queues): void {
  const file = readStart(path, MAX_REQUEST_BYTES);
  if (file === null) {
    // Gone again; but what is there and no plain file is nothing Crawlee 3 keeps here.
    if (entryAt(path) !== null) queues.strange += 1;
    return;
  }
  queues.bytes += file.size;
  queues.newestMs = Math.max(queues.newestMs, file.modifiedMs);
  const request = path.endsWith(".json") ? parseJson(file.bytes.toString("utf8")) : undefined;
  if (!isRecord(request) || typeof request.id !== "string") queues.strange += 1;
  else if (request.orderNo === null) queues.handled += 1;
  else if (typeof request.orderNo !== "number") queues.strange += 1;
  else if (Math.abs(request.orderNo) > now) queues.locked += 1;
  else queues.pending += 1;
}

/** All of it at once. */
export function countNow(storage: string, now: number, bounds: Bounds = QUICK): Queues {
  const counting = countRequests(storage, now, bounds);
  for (;;) {
    const step = counting.next();
    if (step.done) return step.value;
  }
}
