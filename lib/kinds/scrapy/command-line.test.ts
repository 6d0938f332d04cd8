import { describe, expect, test } from "vitest";
import { isScrapyCall, ownJobdir, withJobdir } from "./command-line";

const words = (line: string) => line.split(" ");

describe("a call of Scrapy is known", () => {
  for (const line of [
    "scrapy crawl shop",
    "/usr/bin/scrapy runspider shop.py",
    "python3 -m scrapy crawl shop",
    "/opt/venv/bin/python3.12 -u -B -m scrapy crawl shop -a x=1",
    "poetry run scrapy crawl shop",
    "uv run python -m scrapy runspider shop.py",
  ])
    test(line, () => {
      expect(isScrapyCall(words(line))).toBe(true);
      const given = withJobdir(words(line), "/data/job dir");
      expect(given.slice(0, 2)).toEqual(words(line).slice(0, 2));
      expect(ownJobdir(given)).toBe("/data/job dir");
      expect(given.length).toBe(words(line).length + 2);
    });
});

describe("what is none is left as it is", () => {
  for (const line of [
    "",
    "scrapy",
    "scrapy list",
    "scrapy shell crawl",
    "./crawl.sh shop",
    "python3 crawl.py -m scrapy crawl shop",
    "python3 -m other scrapy crawl shop",
    "sh -c scrapy crawl",
    "myscrapy crawl shop",
  ])
    test(`"${line}"`, () => {
      expect(isScrapyCall(words(line))).toBe(false);
      expect(withJobdir(words(line), "/x")).toEqual(words(line));
      expect(ownJobdir([...words(line), "-s", "JOBDIR=own"])).toBeNull();
    });
});

test("a JOBDIR of the command line's own is found however it is written, and the last one counts", () => {
  const own = (...more: string[]) => ownJobdir(["scrapy", "crawl", "shop", ...more]);
  expect(own("-s", "JOBDIR=a")).toBe("a");
  expect(own("-sJOBDIR=a=b")).toBe("a=b");
  expect(own("--set", "JOBDIR=a b")).toBe("a b");
  expect(own("--set=JOBDIR=")).toBe("");
  expect(own("-s", "JOBDIR=a", "-s", "LOG_LEVEL=INFO", "-s", "JOBDIR=b")).toBe("b");
  expect(own("-a", "JOBDIR=a", "-s", "MY_JOBDIR=b", "-s")).toBeNull();
});
