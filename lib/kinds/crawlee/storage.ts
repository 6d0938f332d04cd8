import { join, resolve } from "node:path";
import type { Files } from "@/lib/domain/files";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import { countRequests, QUICK, type Queues } from "./queue";
import { countItems } from "./statistics";

const MAX_TOP = 200;
const MAX_ENTRIES = 2_000;
const KNOWN = ["datasets", "key_value_stores", "request_queues"];
/** What Crawlee leaves while it moves things about; and its locks. */
const PASSING = /^__\w+__$|\.lock$/;

/**
 * Reads a Crawlee 3 storage folder.
 * @param now epoch milliseconds
 */
export async function readStorage(
  files: Files,
  cwd: string,
  checkpoint: string,
  now: number,
): Promise<CheckpointFacts> {
  const path = resolve(cwd, checkpoint);
  const entry = await files.look(path);
  if (entry === null) return { found: "none", path };
  if (entry.kind === "link")
    return { found: "unreadable", path, problem: "it is a link, which is not followed" };
  if (entry.kind !== "folder")
    return { found: "unreadable", path, problem: "Crawlee's storage is a folder, this is not" };
  const queues = await countRequests(files, path, now, QUICK);
  const modifiedAt = Math.round(Math.max(entry.modifiedMs, queues.newestMs));
  const summary = describeQueues(queues);
  const facts = { path, modifiedAt, bytes: queues.bytes, summary };
  if (queues.pending + queues.locked > 0) return { found: "data", ...facts, place: summary };
  if (queues.strange > 0) return unknown(facts, "its request queue is not laid out as Crawlee 3 does it");
  // Some of them are handled and the rest was not looked at: going on is harmless, and calling it done would be a guess.
  if (!queues.whole) return { found: "data", ...facts, place: summary };
  return queues.handled > 0 ? { found: "complete", ...facts } : withoutQueue(files, path, modifiedAt);
}

/** No request at all. That is "nothing to go on from" only where it can be nothing else. */
async function withoutQueue(files: Files, path: string, itsModifiedAt: number): Promise<CheckpointFacts> {
  const { bytes, newestMs } = await files.walk(path, { entries: MAX_ENTRIES, perFolder: MAX_ENTRIES });
  const modifiedAt = Math.round(Math.max(newestMs, itsModifiedAt));
  const facts = { path, modifiedAt, bytes };
  if (bytes === 0) return { found: "empty", path, modifiedAt };
  const { names } = await files.names(path, MAX_TOP);
  const others = names.filter((name) => !KNOWN.includes(name) && !PASSING.test(name));
  const known = await files.looks(KNOWN.map((name) => join(path, name)));
  const ofCrawlee = known.some((look) => look !== null);
  const strange = others.find((name) => /queue|\.(db|sqlite3?)$/i.test(name));
  const summary = `no request queue, ${(await countItems(files, path)).toLocaleString("en")} items`;
  if (!ofCrawlee || strange !== undefined)
    return unknown({ ...facts, summary }, "its folders are not laid out as Crawlee 3 does it");
  if (await keepsList(files, path))
    return unknown({ ...facts, summary }, "it keeps a list of requests instead of a queue");
  return { found: "empty", path, modifiedAt };
}

/** A RequestList saves its place in the key-value store, under a name the program chooses. */
async function keepsList(files: Files, path: string): Promise<boolean> {
  const { names } = await files.names(join(path, "key_value_stores", "default"), MAX_TOP);
  return names.some((name) => /^SDK_(?!CRAWLER_STATISTICS_|SESSION_POOL_STATE)/.test(name));
}

function unknown(
  facts: { path: string; modifiedAt: number; bytes: number; summary: string },
  problem: string,
): CheckpointFacts {
  return { found: "unknown", ...facts, problem };
}

export function describeQueues({ pending, locked, handled, strange, whole }: Queues): string {
  const parts = [
    [pending, "pending"],
    [locked, "locked"],
    [handled, "handled"],
    [strange, "not readable"],
  ] as const;
  const told = parts.filter(([count, word]) => count > 0 || word === "pending" || word === "handled");
  const counts = told.map(([count, word]) => `${count.toLocaleString("en")} ${word}`).join(", ");
  return `requests: ${counts}${whole ? "" : " (of those looked at; there are more)"}`;
}
