import type { Files } from "@/lib/domain/files";
import type { KindWait } from "../kind";
import { type Bounds, countRequests } from "./queue";

const BOUNDS: Bounds = { files: 20_000, ms: 2_000 };

/**
 * Crawlee 3.18 locks requests for 3 minutes before it works on them and does not give the locks back, not even when it is stopped in order. A run
 * that goes on does everything else first and then nothing at all until they pass. Locks of its own time are work under way.
 * @param startedAt when this run began, epoch milliseconds: a request that was locked before is a file older than that
 * @param now epoch milliseconds
 * @returns null: it has something to do, or its storage does not tell
 */
export async function readCrawleeWait(
  files: Files,
  storage: string,
  startedAt: number,
  now: number,
): Promise<KindWait | null> {
  const { whole, pending, strange, locked, lockedBefore, opensAt } = await countRequests(
    files,
    storage,
    now,
    BOUNDS,
    startedAt,
  );
  if (!whole || strange > 0 || pending > 0 || opensAt === null) return null;
  if (lockedBefore === 0 || lockedBefore < locked) return null;
  const requests = lockedBefore === 1 ? "1 request is" : `${lockedBefore.toLocaleString("en")} requests are`;
  return {
    until: opensAt,
    what: `its own locks until ${clockTime(opensAt)}: ${requests} still locked by the run before it`,
  };
}

/** As the clock of this host shows it: `14:03`. */
function clockTime(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
