import { join } from "node:path";
import type { Files, Look } from "@/lib/domain/files";
import { isRecord, jsonOf } from "../parse";

/** What is in Crawlee's request queues, one file for each request. */
export type Queues = {
  pending: number;
  /** Taken by a crawler that has not given them back; open to others when the lock has passed. */
  locked: number;
  /** Of those, the ones that were taken before the run began that is asked about. */
  lockedBefore: number;
  /** When the first lock passes, epoch milliseconds; null: there is none. */
  opensAt: number | null;
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
export const QUICK: Bounds = { files: 1_000, ms: 250 };
/** For the one look at the end of a run. */
export const THOROUGH: Bounds = { files: 100_000, ms: 5_000 };

/** So many are looked at however long it takes: what is small is told exactly on a busy machine, too. */
const AT_LEAST = 200;
const MAX_QUEUES = 20;
const MAX_REQUEST_BYTES = 256 * 1024;
/** Asked for in one go. */
const FIRST = 10;
const MOST_AT_ONCE = 100;
const BYTES_AT_ONCE = 512 * 1024;
const NONE: Queues = {
  pending: 0,
  locked: 0,
  lockedBefore: 0,
  opensAt: null,
  handled: 0,
  strange: 0,
  bytes: 0,
  newestMs: 0,
  whole: true,
};

/**
 * Counts the requests of all queues, file by file.
 * @param now epoch milliseconds: a lock is a time in the future
 * @param startedAt of the run that is asked about, epoch milliseconds
 */
export async function countRequests(
  files: Files,
  storage: string,
  now: number,
  bounds: Bounds,
  startedAt = 0,
): Promise<Queues> {
  const queues: Queues = { ...NONE };
  const root = join(storage, "request_queues");
  const folders = await files.names(root, MAX_QUEUES);
  queues.whole = !folders.more;
  let filesLeft = bounds.files;
  const began = performance.now();
  for (const folder of folders.names) {
    const { names, more } = await files.names(join(root, folder), filesLeft + 1);
    if (more) queues.whole = false;
    const requests = names.filter((name) => !name.endsWith(".lock") && name !== "__metadata__.json");
    for (let from = 0, step = MOST_AT_ONCE; from < requests.length; from += step) {
      const late = bounds.files - filesLeft >= AT_LEAST && performance.now() - began > bounds.ms;
      if (filesLeft <= 0 || late) return { ...queues, whole: false };
      step = Math.min(MOST_AT_ONCE, filesLeft, stepFor(queues, bounds.files - filesLeft));
      const paths = requests.slice(from, from + step).map((name) => join(root, folder, name));
      filesLeft -= paths.length;
      const looks = await files.looks(paths, MAX_REQUEST_BYTES);
      for (const [index, look] of looks.entries())
        addRequest(paths[index] ?? "", look, { now, startedAt }, queues);
    }
  }
  return queues;
}

/** So many that taking them in holds up nothing, judged by those before them. */
function stepFor({ bytes }: Queues, files: number): number {
  return files === 0 ? FIRST : Math.max(1, Math.floor((BYTES_AT_ONCE * files) / Math.max(1, bytes)));
}

type When = { readonly now: number; readonly startedAt: number };

function addRequest(path: string, file: Look | null, { now, startedAt }: When, queues: Queues): void {
  // Gone again; but what is there and no plain file is nothing Crawlee 3 keeps here.
  if (file === null) return;
  if (file.bytes === undefined) {
    queues.strange += 1;
    return;
  }
  queues.bytes += file.size;
  queues.newestMs = Math.max(queues.newestMs, file.modifiedMs);
  const request = path.endsWith(".json") ? jsonOf(file.bytes) : undefined;
  if (!isRecord(request) || typeof request.id !== "string") queues.strange += 1;
  else if (request.orderNo === null) queues.handled += 1;
  else if (typeof request.orderNo !== "number") queues.strange += 1;
  else if (Math.abs(request.orderNo) > now) {
    queues.locked += 1;
    if (file.modifiedMs < startedAt) queues.lockedBefore += 1;
    queues.opensAt = Math.min(queues.opensAt ?? Number.POSITIVE_INFINITY, Math.abs(request.orderNo));
  } else queues.pending += 1;
}
