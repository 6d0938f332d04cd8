import { describe, expect, test } from "vitest";
import type { KindOutcome } from "@/lib/domain/exit";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import { readLogstats } from "./log";
import { readScrapyEnd } from "./read-end";

const NONE: CheckpointFacts = { found: "none", path: null };

type Line = readonly [logger: string, level: string, message: string];
/** What a crawl says as it ends, as printed by Scrapy 2.8.0 (seen); 2.13 (`scrapy/core/engine.py`, `statscollectors.py`) has the same words. */
const END: readonly Line[] = [
  ["scrapy.core.engine", "INFO", "Spider opened"],
  [
    "scrapy.extensions.logstats",
    "INFO",
    "Crawled 7 pages (at 7 pages/min), scraped 5 items (at 5 items/min)",
  ],
  ["scrapy.core.engine", "INFO", "Closing spider (banned (403))"],
  [
    "scrapy.statscollectors",
    "INFO",
    "Dumping Scrapy stats:\n{'downloader/request_count': 7,\n 'downloader/response_count': 7,\n 'finish_reason': 'banned (403)',\n 'item_scraped_count': 5}",
  ],
  ["scrapy.core.engine", "INFO", "Spider closed (banned (403))"],
];

const AT = "2026-08-01 10:00:00";
const FORMATS: Readonly<Record<string, (line: Line) => string>> = {
  "Scrapy's own": ([name, level, text]) => `${AT} [${name}] ${level}: ${text}`,
  "bars between the fields": ([name, level, text]) => `${AT}|${level}|${name}|${text}`,
  LOG_SHORT_NAMES: ([, level, text]) => `${AT} [scrapy] ${level}: ${text}`,
  "no logger": ([, level, text]) => `${level}: ${text}`,
  "the message alone": ([, , text]) => text,
  "function and line number": ([name, level, text]) => `${level} <${name.length}>:${text.length} ${text}`,
  "everything after the message": ([name, level, text]) => `${text} <${name} ${level} engine.py:443>`,
  colours: ([name, level, text]) => `\x1b[32m${AT} ${name} ${level}\x1b[0m ${text}\x1b[0m`,
  CRLF: ([name, level, text]) => `${AT} [${name}] ${level}: ${text}\r`,
  "python-json-logger 2": ([name, levelname, message]) =>
    JSON.stringify({ asctime: AT, name, levelname, message, spider: "<Spider 'shop' at 0x7f>" }),
  "python-json-logger with renamed fields": ([logger, severity, message]) =>
    JSON.stringify({ severity, logger, message }),
  structlog: ([logger, level, event]) => JSON.stringify({ event, level: level.toLowerCase(), logger }),
  ECS: ([logger, level, message]) =>
    JSON.stringify({ "@timestamp": AT, log: { level: level.toLowerCase(), logger }, message }),
};

describe("FR-F10 a Scrapy log is read in any format:", () => {
  for (const [name, format] of Object.entries(FORMATS))
    test(name, () => {
      expect(readScrapyEnd(END.map(format).join("\n"), NONE)).toEqual({
        outcome: "unfinished",
        reason: "Scrapy says finish_reason=banned (403) (7 responses, 5 items).",
        report: { extracted: 5, message: "7 pages crawled" },
      });
    });

  test("and the figures of every minute with it", () => {
    const line = `${AT}|INFO|scrapy.extensions.logstats|Crawled 7 pages (at 6 pages/min), scraped 5 items (at 5 items/min)`;
    expect(readLogstats(line)).toEqual({ extracted: 5, message: "7 pages crawled, 6 a minute" });
  });

  test("but not what a page says, in whatever format it is quoted", () => {
    const quoted = [
      "title: Spider closed (finished)",
      '{"message":"Spider closed (finished)","name":"shop"}',
    ];
    for (const line of quoted) expect(readScrapyEnd(`my own log\n${line}\n`, NONE).outcome).toBeNull();
  });

  test("and a log without line ends does not hold it up", () => {
    const began = performance.now();
    readScrapyEnd("scrapy ERROR Spider closed (".repeat(9_000), NONE);
    readScrapyEnd(`${"\r".repeat(9)}${"scrapy INFO ".repeat(20_000)}`, NONE);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("FR-F9 what a Scrapy log does not tell is unknown:", () => {
  const CASES: Readonly<Record<string, readonly [string, KindOutcome | null]>> = {
    "LOG_LEVEL=ERROR and one item that raised": [
      `${AT} [scrapy.core.scraper] ERROR: Spider error processing <GET http://shop/> (referer: None)\nValueError: boom`,
      null,
    ],
    "LOG_LEVEL=WARNING in a format of its own": [`${AT}|WARNING|scrapy.core.scraper|Dropped: no price`, null],
    // Seen with 2.8.0: what is logged before the spider's settings hold is of level INFO all the same.
    "LOG_LEVEL=ERROR in the spider's custom_settings": [
      `${AT} [scrapy.utils.log] INFO: Scrapy 2.8.0 started (bot: scrapybot)\n${AT} [scrapy.crawler] INFO: Overridden settings:\n{'LOG_LEVEL': 'ERROR'}`,
      null,
    ],
    "INFO that stops in the middle": [`${AT}|INFO|scrapy.core.engine|Spider opened`, "unfinished"],
    "LOG_LEVEL=ERROR and start requests that raised": [
      `${AT} [scrapy.core.engine] ERROR: Error while obtaining start requests`,
      "unfinished",
    ],
  };
  for (const [name, [log, outcome]] of Object.entries(CASES))
    test(`${name} is ${outcome ?? "not known"}`, () => {
      const end = readScrapyEnd(log, NONE);
      expect(end.outcome).toBe(outcome);
      expect(end.reason).toMatch(/not known|ends without|raised an error/);
    });
});
