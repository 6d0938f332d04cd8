import type { CheckpointFacts } from "@/lib/domain/recovery";
import type { KindEnd } from "../kind";
import { progressOf, readScrapyLog, type ScrapyLog } from "./log";
import { lostOnResume, whatWentWrong, whyNothingCameOfIt } from "./statistics";

/** Ends that somebody has configured; all others but `finished` and `shutdown` are trouble. */
const CONFIGURED = ["closespider_itemcount", "closespider_pagecount", "closespider_timeout"];

/**
 * Whether a crawl did its work: Scrapy exits with 0 whatever happened, so its exit code says nothing. The log is asked first,
 * and the JOBDIR where the log is silent.
 */
export function readScrapyEnd(tail: string, jobdir: CheckpointFacts): KindEnd {
  const log = readScrapyLog(tail);
  const report = progressOf(log.stats);
  const { outcome, reason } = judgeLog(log) ?? judgeJobdir(log, jobdir);
  return { outcome, reason, report };
}

type Judgement = Pick<KindEnd, "outcome" | "reason">;

function judgeLog(log: ScrapyLog): Judgement | null {
  if (log.forced && log.closed.length === 0)
    return {
      outcome: "interrupted",
      reason: "Scrapy was forced to end by a second signal and saved nothing.",
    };
  // Several spiders in one process: the first that did not finish speaks for all.
  const worst = log.closed.find((reason) => outcomeOf(reason) !== "finished") ?? log.closed.at(-1);
  if (worst === undefined) return null;
  const figures = told(log.stats);
  const said = `Scrapy says finish_reason=${worst}${figures === "" ? "" : ` (${figures})`}.`;
  const outcome = outcomeOf(worst);
  if (outcome !== "finished") return { outcome, reason: [said, ...lostOnResume(log.stats)].join(" ") };
  const why = whyNothingCameOfIt(log);
  if (why !== null) return { outcome: "unfinished", reason: `${said} ${why}` };
  return { outcome, reason: [said, ...whatWentWrong(log.stats)].join(" ") };
}

function outcomeOf(reason: string): "finished" | "interrupted" | "unfinished" {
  if (reason === "finished" || CONFIGURED.includes(reason)) return "finished";
  return reason === "shutdown" ? "interrupted" : "unfinished";
}

function judgeJobdir(log: ScrapyLog, jobdir: CheckpointFacts): Judgement {
  switch (jobdir.found) {
    case "complete":
      return { outcome: "finished", reason: `Its JOBDIR says that ${jobdir.summary ?? "nothing is left"}.` };
    case "data":
      return { outcome: "interrupted", reason: `Its JOBDIR was closed with work left: ${jobdir.summary}.` };
    case "degraded":
      return { outcome: "interrupted", reason: "Scrapy never closed its JOBDIR." };
    case "unanswered":
      return { outcome: null, reason: `Its JOBDIR ${jobdir.problem}, so it does not tell what Scrapy did.` };
    default:
      return log.isScrapy
        ? { outcome: "unfinished", reason: "Its log ends without “Spider closed”." }
        : { outcome: null, reason: "Neither its log nor a JOBDIR tells what Scrapy did." };
  }
}

function told(stats: ReadonlyMap<string, number>): string {
  const figures = [
    ["responses", stats.get("downloader/response_count") ?? (stats.size > 0 ? 0 : undefined)],
    ["items", stats.get("item_scraped_count") ?? (stats.size > 0 ? 0 : undefined)],
    ["errors logged", stats.get("log_count/ERROR")],
  ] as const;
  return figures
    .filter(([, count]) => count !== undefined)
    .map(([name, count]) => `${count?.toLocaleString("en")} ${name}`)
    .join(", ");
}
