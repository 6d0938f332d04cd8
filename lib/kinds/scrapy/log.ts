import type { ProgressReport } from "@/lib/domain/progress";
import { announcements, isEngines, plainLog } from "./log-lines";
import { readStatsDump, type StatsDump } from "./stats-dump";

/** What the end of a Scrapy log says. */
export type ScrapyLog = {
  /**
   * How much of Scrapy is in it. `running`: what its engine and extensions tell at INFO, so that the end of a crawl would be told too;
   * `warnings`: only what LOG_LEVEL=WARNING or ERROR lets through, or what comes before a spider's own settings hold.
   */
  readonly tells: "running" | "warnings" | "nothing";
  /** Of every spider that closed, in order. */
  readonly closed: readonly string[];
  /** A second signal, after which nothing is saved. */
  readonly forced: boolean;
  /** Making the first requests raised an error, so that those after it were never made. */
  readonly startFailed: boolean;
  readonly stats: ReadonlyMap<string, number>;
};

const DUMP = /Dumping Scrapy stats:\s*(?=\{)/g;
const FORCED = /Received SIG\w+ twice, forcing unclean shutdown\W*$/m;
/** Scrapy 2.8 to 2.12, and the words since 2.13. */
const START_FAILED =
  /^.*\b(?:ERROR|scrapy\.core\.engine)\b.*Error while (?:obtaining start requests|reading start items and requests)/m;
const ANY =
  /^.*(?<![\w.])scrapy(?:\.\w+)*(?![\w.]).*\b[A-Z]{4,8}\b|^.*\b[A-Z]{4,8}\b.*(?<![\w.])scrapy(?:\.\w+)*(?![\w.])/m;
/** `scrapy.utils.log` and `scrapy.crawler` speak before a spider's own LOG_LEVEL and LOG_FILE hold. */
const WORKS =
  "scrapy\\.(?:core|extensions|middleware|statscollectors|downloadermiddlewares|spidermiddlewares)";
const RUNNING = [
  new RegExp(
    `^.*(?<![\\w.])${WORKS}.*\\b(?:INFO|DEBUG)\\b|^.*\\b(?:INFO|DEBUG)\\b.*(?<![\\w.])${WORKS}`,
    "m",
  ),
  /^.*\bscrapy\b.*\bSpider opened\W*$/m,
  /^.*Crawled \d+ pages \(at \d+ pages\/min\), scraped \d+ items \(at \d+ items\/min\)/m,
];

/** @param tail the last part of the log, in any LOG_FORMAT, which may begin in the middle of a line */
export function readScrapyLog(tail: string): ScrapyLog {
  const log = plainLog(tail);
  const dump = lastDump(log);
  const finishReason = dump.get("finish_reason");
  const closing = announcements(log, "Closing spider");
  const closed = announcements(log, "Spider closed").filter((line) =>
    isEngines(line, closing, typeof finishReason === "string" ? finishReason : null),
  );
  return {
    tells: RUNNING.some((line) => line.test(log)) ? "running" : ANY.test(log) ? "warnings" : "nothing",
    closed: closed.map(({ reason }) => reason),
    forced: FORCED.test(log),
    startFailed: START_FAILED.test(log),
    stats: new Map([...dump].filter((entry): entry is [string, number] => typeof entry[1] === "number")),
  };
}

function lastDump(log: string): StatsDump {
  const dump = [...log.matchAll(DUMP)].at(-1);
  return readStatsDump(dump === undefined ? "" : log.slice(dump.index + dump[0].length));
}

/** Scrapy's counters as a run's progress; null when they say nothing. */
export function progressOf(stats: ReadonlyMap<string, number>): ProgressReport | null {
  if (stats.size === 0) return null;
  const pages = whole(stats.get("response_received_count") ?? stats.get("downloader/response_count"));
  const dropped = whole(stats.get("item_dropped_count"));
  return {
    extracted: whole(stats.get("item_scraped_count")) ?? 0,
    ...(dropped === null ? {} : { skipped: dropped }),
    message: `${(pages ?? 0).toLocaleString("en")} pages crawled`,
  };
}

function whole(value: number | undefined): number | null {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** Once a minute Scrapy logs a line with this, whatever its LOG_FORMAT. */
export const LOGSTATS_MARK = " pages/min), scraped ";
const LOGSTATS = /Crawled (\d{1,15}) pages \(at (\d+) pages\/min\), scraped (\d{1,15}) items \(at/;

export function readLogstats(line: string): ProgressReport | null {
  const [, pages, rate, items] = LOGSTATS.exec(line) ?? [];
  if (pages === undefined || items === undefined) return null;
  const counted = Number(pages).toLocaleString("en");
  return { extracted: Number(items), message: `${counted} pages crawled, ${rate} a minute` };
}
