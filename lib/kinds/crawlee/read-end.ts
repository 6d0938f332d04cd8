import { type Files, isNotAnswering, unansweredWords } from "@/lib/domain/files";
import type { KindEnd } from "../kind";
import { countRequests, type Queues, THOROUGH } from "./queue";
import { crawleeProgress, readStatistics, type Statistics } from "./statistics";
import { describeQueues } from "./storage";

const PAUSING = /Pausing\.\.\. Press CTRL\+C again to force exit/;
const LIMIT = /reached the maxRequestsPerCrawl limit of \d+/;

/** Whether a crawl did its work: Crawlee exits with 0 after a SIGINT, too, and leaves the rest in its queue. */
export async function readCrawleeEnd(
  files: Files,
  storage: string | null,
  tail: string,
  now: number,
): Promise<KindEnd> {
  if (storage === null) return { outcome: null, reason: null, report: null };
  try {
    const queues = await countRequests(files, storage, now, THOROUGH);
    const statistics = await readStatistics(files, storage);
    return { ...judge(queues, statistics, tail), report: await crawleeProgress(files, storage) };
  } catch (error) {
    if (!isNotAnswering(error)) throw error;
    const reason = `Its storage ${unansweredWords(error)}, so whether all is done is not known.`;
    return { outcome: null, reason, report: null };
  }
}

function judge(
  queues: Queues,
  statistics: Statistics | null,
  tail: string,
): Pick<KindEnd, "outcome" | "reason"> {
  const told = `Crawlee's ${describeQueues(queues)}.`;
  if (queues.pending + queues.locked > 0) {
    if (PAUSING.test(tail))
      return { outcome: "interrupted", reason: `Crawlee was paused by a signal. ${told}` };
    // A limit the program has set for itself is an end as it should be.
    if (LIMIT.test(tail)) return { outcome: "finished", reason: `It reached its limit of requests. ${told}` };
    return { outcome: "unfinished", reason: told };
  }
  if (queues.strange > 0 || !queues.whole)
    return { outcome: null, reason: `${told} Whether all is done is not known.` };
  if (statistics !== null && statistics.finished === 0 && statistics.failed > 0)
    return { outcome: "unfinished", reason: `All ${statistics.failed} requests failed. ${told}` };
  if (queues.handled === 0) return { outcome: null, reason: "Crawlee's queue holds no request." };
  return { outcome: "finished", reason: told };
}
