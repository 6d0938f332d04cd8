import { describe, expect, test } from "vitest";
import { lostOnResume, whatWentWrong, whyNothingCameOfIt } from "./statistics";

const why = (stats: Record<string, number>, startFailed = false) =>
  whyNothingCameOfIt({ stats: new Map(Object.entries(stats)), startFailed });

const ANSWERED = {
  "downloader/request_count": 10,
  "downloader/response_count": 10,
  response_received_count: 10,
};

describe("what Scrapy calls finished did its work", () => {
  const DID: readonly [string, Record<string, number>][] = [
    ["when its statistics are not in the log", {}],
    [
      "when it scraped an item, whatever else went wrong",
      { ...ANSWERED, item_scraped_count: 1, "spider_exceptions/KeyError": 9 },
    ],
    ["when it yields no items and its callbacks went well", ANSWERED],
    ["when one callback of ten went well", { ...ANSWERED, "spider_exceptions/KeyError": 9 }],
    [
      "when its version of Scrapy counts exceptions by name and all together",
      { ...ANSWERED, "spider_exceptions/count": 9, "spider_exceptions/KeyError": 9 },
    ],
    ["when one page of many was answered", { ...ANSWERED, "httperror/response_ignored_count": 9 }],
    ["when there was nothing to do and no error", { "log_count/INFO": 8 }],
  ];
  for (const [what, stats] of DID) test(what, () => expect(why(stats)).toBeNull());
});

describe("and did not", () => {
  const DID_NOT: readonly [string, Record<string, number>, string][] = [
    ["when it logged an error before any request", { "log_count/ERROR": 1 }, "before it made any request"],
    ["when no request was answered", { "downloader/request_count": 3 }, "None of its requests"],
    [
      "when errors of pages and of callbacks leave nothing over",
      {
        ...ANSWERED,
        "httperror/response_ignored_count": 4,
        "spider_exceptions/KeyError": 5,
        "spider_exceptions/ValueError": 1,
      },
      "Every callback raised an error (KeyError: 5, ValueError: 1).",
    ],
    [
      "when only robots.txt was answered with a page",
      {
        ...ANSWERED,
        "robotstxt/response_count": 1,
        "httperror/response_ignored_count": 9,
        "httperror/response_ignored_status_count/503": 8,
        "httperror/response_ignored_status_count/404": 1,
      },
      "Every page was answered with an error (503: 8, 404: 1).",
    ],
    [
      "when robots.txt forbade everything",
      {
        "downloader/request_count": 1,
        "downloader/response_count": 1,
        response_received_count: 1,
        "robotstxt/response_count": 1,
        "robotstxt/forbidden": 12,
      },
      "robots.txt forbade all 12 of its requests.",
    ],
  ];
  for (const [what, stats, words] of DID_NOT) test(what, () => expect(why(stats)).toContain(words));

  test("when making its first requests raised an error, even with items", () => {
    expect(why({ ...ANSWERED, item_scraped_count: 3 }, true)).toContain("start requests raised an error");
  });
});

test("what went wrong beside the work is told, the three most frequent first", () => {
  const stats = new Map(
    Object.entries({
      ...ANSWERED,
      "spider_exceptions/A": 1,
      "spider_exceptions/B": 4,
      "spider_exceptions/C": 3,
      "spider_exceptions/D": 2,
    }),
  );
  expect(whatWentWrong(stats)).toEqual(["Callbacks raised errors (B: 4, C: 3, D: 2, …)."]);
  expect(whatWentWrong(new Map())).toEqual([]);
});

test("requests that cannot be written to a JOBDIR are told as lost to a resume", () => {
  expect(lostOnResume(new Map([["scheduler/unserializable", 3]]))[0]).toMatch(
    /^3 of its requests .*scheduler\/unserializable/,
  );
  expect(lostOnResume(new Map())).toEqual([]);
});
