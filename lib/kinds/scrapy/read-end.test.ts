import { describe, expect, test } from "vitest";
import type { KindOutcome } from "@/lib/domain/exit";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import { readLogstats } from "./log";
import { readScrapyEnd } from "./read-end";

const NONE: CheckpointFacts = { found: "none", path: null };
const at = "2026-08-01 10:00:00";
const closed = (reason: string) => `${at} [scrapy.core.engine] INFO: Spider closed (${reason})\n`;
const dump = (entries: string) =>
  `${at} [scrapy.statscollectors] INFO: Dumping Scrapy stats:\n{${entries}}\n`;
const STATS = dump(
  "'downloader/request_count': 120,\n 'downloader/response_count': 118,\n 'finish_time': datetime.datetime(2026, 8, 1, tzinfo=datetime.timezone.utc),\n 'item_dropped_count': 2,\n 'item_scraped_count': 100,\n 'log_count/ERROR': 1,\n 'response_received_count': 110",
);

describe("the end of a Scrapy log", () => {
  const OUTCOMES: Readonly<Record<string, KindOutcome>> = {
    finished: "finished",
    closespider_itemcount: "finished",
    closespider_pagecount: "finished",
    closespider_timeout: "finished",
    shutdown: "interrupted",
    cancelled: "unfinished",
    closespider_errorcount: "unfinished",
    closespider_pagecount_no_item: "unfinished",
    closespider_timeout_no_item: "unfinished",
    memusage_exceeded: "unfinished",
    start_error: "unfinished",
    "the shop is away": "unfinished",
  };
  for (const [reason, outcome] of Object.entries(OUTCOMES))
    test(`with finish_reason=${reason} is ${outcome}, and says so`, () => {
      expect(readScrapyEnd(STATS + closed(reason), NONE)).toMatchObject({
        outcome,
        reason: `Scrapy says finish_reason=${reason} (118 responses, 100 items, 1 errors logged).`,
      });
    });

  test("without figures still has its reason", () => {
    expect(readScrapyEnd(closed("finished"), NONE)).toEqual({
      outcome: "finished",
      reason: "Scrapy says finish_reason=finished.",
      report: null,
    });
  });

  test("where no request got an answer is not finished, whatever Scrapy calls it", () => {
    const tail = dump("'downloader/exception_count': 3, 'downloader/request_count': 3") + closed("finished");
    expect(readScrapyEnd(tail, NONE)).toMatchObject({
      outcome: "unfinished",
      reason:
        "Scrapy says finish_reason=finished (0 responses, 0 items). None of its requests got an answer.",
    });
  });

  test("of several spiders tells of the one that did not finish", () => {
    const { outcome, reason } = readScrapyEnd(
      closed("finished") + closed("shutdown") + closed("finished"),
      NONE,
    );
    expect([outcome, reason]).toEqual(["interrupted", "Scrapy says finish_reason=shutdown."]);
  });

  test("after a second signal says that nothing was saved", () => {
    const tail = `${at} [scrapy.crawler] INFO: Received SIGINT twice, forcing unclean shutdown\n`;
    expect(readScrapyEnd(tail, NONE)).toMatchObject({
      outcome: "interrupted",
      reason: expect.stringContaining("forced"),
    });
  });

  test("is not told by what a page says in the middle of a line", () => {
    const tail = `${at} [shop] INFO: title: [scrapy.core.engine] INFO: Spider closed (finished) today\n`;
    expect(readScrapyEnd(tail, NONE).outcome).not.toBe("finished");
  });
});

describe("a log that does not tell is made up for by the JOBDIR", () => {
  const path = "/j";
  const doubtful = { path, bytes: 9, modifiedAt: 0, summary: "9 pages seen", problem: "it was killed" };
  const CASES: readonly (readonly [CheckpointFacts, KindOutcome | null])[] = [
    [{ found: "complete", path, modifiedAt: 0, summary: "no request is left" }, "finished"],
    [{ found: "data", path, bytes: 9, modifiedAt: 0, summary: "3 requests queued" }, "interrupted"],
    [{ found: "degraded", ...doubtful }, "interrupted"],
    [NONE, null],
    [{ found: "unreadable", path, problem: "it is a link" }, null],
  ];
  for (const [facts, outcome] of CASES)
    test(`${facts.found} means ${outcome ?? "that nobody knows"}`, () => {
      const end = readScrapyEnd("my own log line\n", facts);
      expect(end.outcome).toBe(outcome);
      expect(end.reason).toMatch(/^[A-Z].*\.$/);
    });

  test("but where Scrapy spoke and never closed, it has not finished", () => {
    expect(readScrapyEnd(`${at} [scrapy.core.engine] INFO: Spider opened\n`, NONE)).toMatchObject({
      outcome: "unfinished",
      reason: expect.stringContaining("Spider closed"),
    });
  });
});

describe("Scrapy's figures", () => {
  test("become the run's progress", () => {
    expect(readScrapyEnd(STATS, NONE).report).toEqual({
      extracted: 100,
      skipped: 2,
      message: "110 pages crawled",
    });
  });

  test("that make no sense are left out, and a dump that is cut off is none", () => {
    const odd = dump("'item_scraped_count': -4, 'item_dropped_count': 1.5, 7: 8, 'x': [1, {2}]");
    expect(readScrapyEnd(odd, NONE).report).toEqual({ extracted: 0, message: "0 pages crawled" });
    expect(readScrapyEnd(STATS.slice(0, 200), NONE).report).toBeNull();
  });

  test("are read from the line of every minute, too", () => {
    const line =
      "[scrapy.extensions.logstats] INFO: Crawled 1200 pages (at 60 pages/min), scraped 100 items (at 50 items/min)";
    expect(readLogstats(line)).toEqual({ extracted: 100, message: "1,200 pages crawled, 60 a minute" });
    expect(readLogstats("[scrapy.extensions.logstats] INFO: Crawled many pages")).toBeNull();
  });
});
