import { describe, expect, test } from "vitest";
import { isScrapyCall, ownJobdir, unseenCrawl, withJobdir } from "./scrapy-call";

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

describe("FR-A8 a Scrapy call is known behind the wrappers that can be read", () => {
  for (const wrapper of [
    "timeout 600",
    "timeout -k 10 --signal=INT --foreground 1h",
    "nice -n 5",
    "nice -5",
    "nice --adjustment=5",
    "ionice -c2 -n 7",
    "env X=1 Y=",
    "env -i -u HTTP_PROXY PATH=/usr/bin",
    "xvfb-run -a",
    "xvfb-run --server-args=-screen -n 7",
    "flock /tmp/shop.lock",
    "flock -n -E 75 /tmp/shop.lock",
    "tini --",
    "tini -g -s",
    "dumb-init -r 15:2 --",
    "stdbuf -oL -e 0",
    "nohup",
    "/usr/bin/setsid --wait",
    "taskset -c 0,1",
    "tini -- timeout 600 nice env A=1",
    "timeout 600 poetry run",
  ])
    test(wrapper, () => {
      const line = words(`${wrapper} scrapy crawl shop`);
      expect(isScrapyCall(line)).toBe(true);
      expect(withJobdir(line, "/data").join(" ")).toBe(`${wrapper} scrapy crawl -s JOBDIR=/data shop`);
      expect(unseenCrawl({ kind: "scrapy", argv: line })).toBeNull();
    });
});

describe("FR-A8 what cannot be read truthfully is said not to be recognised", () => {
  for (const line of [
    ["sh", "-c", "scrapy crawl shop"],
    ["flock", "/tmp/lock", "-c", "scrapy crawl shop"],
    ["env", "-S", "scrapy crawl shop"],
    ["env", "-C", "/elsewhere", "scrapy", "crawl", "shop"],
    ["timeout", "--unknown", "600", "scrapy", "crawl", "shop"],
    ["sudo", "-u", "crawler", "scrapy", "crawl", "shop"],
    ["timeout", "600"],
    ["nice"],
    ["python3", "run.py"],
  ])
    test(line.join(" "), () => {
      expect(isScrapyCall(line)).toBe(false);
      expect(unseenCrawl({ kind: "scrapy", argv: line })).toMatch(/No Scrapy call is recognised/);
      expect(unseenCrawl({ kind: "command", argv: line })).toBeNull();
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
