import type { ProgressReport } from "@/lib/domain/progress";
import { readPythonLiteral } from "./python-literal";

/** What the end of a Scrapy log says. */
export type ScrapyLog = {
  /** Whether there is anything of Scrapy's in it: a project may log elsewhere. */
  readonly isScrapy: boolean;
  /** Of every spider that closed, in order. */
  readonly closed: readonly string[];
  /** A second signal, after which nothing is saved. */
  readonly forced: boolean;
  /** Making the first requests raised an error, so that those after it were never made. */
  readonly startFailed: boolean;
  readonly stats: ReadonlyMap<string, number>;
};

const DUMP = "INFO: Dumping Scrapy stats:";
const CLOSED = /^.*\[scrapy\.core\.engine\] INFO: Spider closed \(([^)\r\n]{1,200})\)\s*$/gm;
const FORCED = /^.*\[scrapy\.\w+(?:\.\w+)*\] INFO: Received SIG\w+ twice, forcing unclean shutdown/m;
/** Scrapy 2.8 to 2.12, and the words since 2.13. */
const START_FAILED =
  /^.*\[scrapy\.core\.engine\] ERROR: Error while (?:obtaining start requests|reading start items and requests)/m;
const ANY = /^.*\[scrapy[\w.]*\] [A-Z]+: /m;

/** @param tail the last part of the log, which may begin in the middle of a line */
export function readScrapyLog(tail: string): ScrapyLog {
  const closed = [...tail.matchAll(CLOSED)].map(([, reason = ""]) => reason);
  return {
    isScrapy: ANY.test(tail),
    closed,
    forced: FORCED.test(tail),
    startFailed: START_FAILED.test(tail),
    stats: lastStats(tail),
  };
}

/** The numbers of the last dump; of a nested name like `downloader/response_count` the name is kept whole. */
function lastStats(tail: string): ReadonlyMap<string, number> {
  const at = tail.lastIndexOf(DUMP);
  const open = at === -1 ? -1 : tail.indexOf("{", at);
  const found = open === -1 ? null : readPythonLiteral(tail.slice(open));
  const numbers = new Map<string, number>();
  if (!(found?.value instanceof Map)) return numbers;
  for (const [key, value] of found.value)
    if (typeof key === "string" && typeof value === "number") numbers.set(key, value);
  return numbers;
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

/** Once a minute Scrapy logs a line of this. */
export const LOGSTATS_MARK = "[scrapy.extensions.logstats] INFO: Crawled ";
const LOGSTATS = /Crawled (\d{1,15}) pages \(at (\d+) pages\/min\), scraped (\d{1,15}) items \(at/;

export function readLogstats(line: string): ProgressReport | null {
  const [, pages, rate, items] = LOGSTATS.exec(line) ?? [];
  if (pages === undefined || items === undefined) return null;
  const counted = Number(pages).toLocaleString("en");
  return { extracted: Number(items), message: `${counted} pages crawled, ${rate} a minute` };
}
