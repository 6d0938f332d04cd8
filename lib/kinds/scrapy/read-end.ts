import type { CheckpointFacts } from "@/lib/domain/recovery";
import type { KindEnd } from "../kind";
import { progressOf, readScrapyLog, type ScrapyLog } from "./log";
import { lostOnResume, whatWentWrong, whyNothingCameOfIt } from "./statistics";

/** Ends that were configured; all others but `finished` and `shutdown` are trouble. */
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
  if (worst === undefined)
    // Errors are told at any level, so this is known although the end of the crawl is not.
    return log.startFailed ? { outcome: "unfinished", reason: whyNothingCameOfIt(log) } : null;
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

/** A log at INFO that stops in the middle is one thing, a log that never told another: then the exit code is all there is. */
const UNTOLD = {
  running: { outcome: "unfinished", reason: "Its log ends without “Spider closed”." },
  warnings: {
    outcome: null,
    reason:
      "What Scrapy did is not known: its log has no messages of level INFO (LOG_LEVEL, LOG_FILE), and there is no JOBDIR that shows it.",
  },
  nothing: { outcome: null, reason: "Neither its log nor a JOBDIR says what Scrapy did." },
} as const satisfies Record<ScrapyLog["tells"], Judgement>;

function judgeJobdir(log: ScrapyLog, jobdir: CheckpointFacts): Judgement {
  switch (jobdir.found) {
    case "complete":
      return { outcome: "finished", reason: `Its JOBDIR says that ${jobdir.summary ?? "nothing is left"}.` };
    case "data":
      return { outcome: "interrupted", reason: `Its JOBDIR was closed with work left: ${jobdir.summary}.` };
    case "degraded":
      return { outcome: "interrupted", reason: "Scrapy never closed its JOBDIR." };
    case "unanswered":
      return { outcome: null, reason: `Its JOBDIR ${jobdir.problem}, so what Scrapy did is not known.` };
    default:
      return UNTOLD[log.tells];
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
