import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { judgeRecovery } from "@/lib/domain/recovery";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { makeFifo } from "@/test/programs";
import { countRequests } from "./queue";
import { readCrawleeEnd } from "./read-end";
import { countItems, crawleeProgress, readStatistics } from "./statistics";
import { readStorage } from "./storage";

const NOW = 1_780_000_000_000;
const files = testFiles();
let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});

function put(name: string, content: unknown): void {
  const path = join(cwd, "storage", name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
}

let made = 0;
/** A request as Crawlee 3 writes it. */
function request(orderNo: number | null, queue = "default"): void {
  made += 1;
  const id = `request${String(made).padStart(8, "0")}`;
  const url = `http://127.0.0.1/${made}`;
  put(`request_queues/${queue}/${id}.json`, {
    id,
    json: "{}",
    method: "GET",
    orderNo,
    retryCount: 0,
    uniqueKey: url,
    url,
  });
}

const statistics = (requestsFinished: number, requestsFailed: number, id = "0") =>
  put(`key_value_stores/default/SDK_CRAWLER_STATISTICS_${id}.json`, {
    requestsFinished,
    requestsFailed,
    statsId: id,
  });
const item = (n: number) => put(`datasets/default/${String(n).padStart(9, "0")}.json`, { n });
const read = () => readStorage(files, cwd, "storage", NOW);
const verdict = async () => judgeRecovery(await read(), null, NOW).verdict;

describe("E1 E2 a Crawlee storage", () => {
  test("that is not there, empty, or without a request holds nothing to go on from", async () => {
    expect(await read()).toEqual({ found: "none", path: join(cwd, "storage") });
    mkdirSync(join(cwd, "storage/request_queues/default"), { recursive: true });
    expect((await read()).found).toBe("empty");
    put("key_value_stores/default/INPUT.json", { start: 1 });
    statistics(0, 0);
    put("key_value_stores/default/SDK_SESSION_POOL_STATE.json", {});
    item(1);
    expect((await read()).found).toBe("empty");
    expect(await verdict()).toBe("dead");
  });

  test("with requests to do is resumable, and says how many are pending, locked and handled", async () => {
    request(NOW - 5);
    request(-(NOW - 5));
    request(NOW + 60_000);
    request(-(NOW + 60_000), "second");
    for (let n = 0; n < 3; n += 1) request(null);
    mkdirSync(join(cwd, "storage/request_queues/default/x.json.lock"));
    expect(await read()).toMatchObject({
      found: "data",
      summary: "requests: 2 pending, 2 locked, 3 handled",
    });
    expect(await verdict()).toBe("resumable");
  });

  test("in which every request is handled is complete", async () => {
    request(null);
    expect(await read()).toMatchObject({ found: "complete", summary: "requests: 0 pending, 1 handled" });
    expect(await verdict()).toBe("complete");
  });

  test("is as new as its newest request", async () => {
    request(1);
    const folder = join(cwd, "storage/request_queues/default");
    const later = 2_500_000_000;
    utimesSync(join(folder, `request${String(made).padStart(8, "0")}.json`), later, later);
    expect(await read()).toMatchObject({ modifiedAt: later * 1000 });
  });
});

describe("a layout that is not known is unknown and never dead", () => {
  const CASES: readonly (readonly [string, () => void])[] = [
    [
      "requests without an order",
      () => put("request_queues/default/abc.json", { id: "abc", url: "http://x/" }),
    ],
    ["requests in another format", () => put("request_queues/default/abc.json", "\0\0")],
    ["requests half written", () => put("request_queues/default/abc.json", '{"id":"abc","orderNo":1')],
    ["a queue in one file", () => put("request_queues/default/queue.sqlite", "SQLite format 3")],
    ["folders of other names", () => put("queues/default/abc.json", { id: "abc" })],
    ["a database and none of its folders", () => put("storage.db", "x")],
    [
      "a list of requests in the key-value store",
      () => put("key_value_stores/default/SDK_my-list.json", { nextIndex: 3 }),
    ],
    ["a folder where a request is to be", () => put("request_queues/default/abc.json/x", "x")],
  ];
  for (const [what, make] of CASES)
    test(what, async () => {
      make();
      expect(await read()).toMatchObject({ found: "unknown", problem: expect.stringMatching(/./) });
      expect(await verdict()).toBe("unknown");
    });

  test("unless some of its requests can be read and are to do", async () => {
    put("request_queues/default/abc.json", "half");
    request(1);
    expect(await read()).toMatchObject({ found: "data", summary: expect.stringContaining("1 not readable") });
  });

  test("nor is a file or a link followed for it", async () => {
    writeFileSync(join(cwd, "storage"), "x");
    expect((await read()).found).toBe("unreadable");
    rmSync(join(cwd, "storage"));
    symlinkSync("/", join(cwd, "storage"));
    expect((await read()).found).toBe("unreadable");
  });
});

describe("a hostile storage", () => {
  test("is not left by links, and a FIFO in it holds up nobody", async () => {
    request(null);
    writeFileSync(join(cwd, "away.json"), JSON.stringify({ id: "away", orderNo: 1 }));
    symlinkSync(join(cwd, "away.json"), join(cwd, "storage/request_queues/default/away.json"));
    makeFifo(join(cwd, "storage/request_queues/default/fifo.json"));
    symlinkSync(join(cwd, "storage/request_queues/default"), join(cwd, "storage/request_queues/circle"));
    expect(await countRequests(files, join(cwd, "storage"), NOW, { files: 1_000, ms: 60_000 })).toMatchObject(
      {
        pending: 0,
        handled: 1,
        strange: 2,
      },
    );
  });

  test("with more requests than are looked at is not called complete", async () => {
    for (let n = 0; n < 30; n += 1) request(null);
    const bounds = { files: 10, ms: 60_000 };
    expect(await countRequests(files, join(cwd, "storage"), NOW, bounds)).toMatchObject({
      handled: 10,
      whole: false,
    });
    expect((await countRequests(files, join(cwd, "storage"), NOW, { files: 30, ms: 60_000 })).whole).toBe(
      true,
    );
    expect((await countRequests(files, join(cwd, "storage"), NOW, { files: 30, ms: -1 })).whole).toBe(true);
    for (let n = 0; n < 200; n += 1) request(null);
    expect(await countRequests(files, join(cwd, "storage"), NOW, { files: 1_000, ms: -1 })).toMatchObject({
      handled: 210,
      whole: false,
    });
  });
});

describe("the end of a Crawlee run", () => {
  const end = (tail = "") => readCrawleeEnd(files, join(cwd, "storage"), tail, NOW);

  test("with every request handled is finished", async () => {
    request(null);
    statistics(1, 0);
    expect(await end()).toMatchObject({
      outcome: "finished",
      reason: "Crawlee's requests: 0 pending, 1 handled.",
    });
  });

  test("with requests left is not, unless the program has set itself a limit", async () => {
    request(1);
    request(null);
    expect(await end()).toMatchObject({
      outcome: "unfinished",
      reason: "Crawlee's requests: 1 pending, 1 handled.",
    });
    const limit = "Crawler reached the maxRequestsPerCrawl limit of 1 requests and will shut down soon.";
    expect((await end(limit)).outcome).toBe("finished");
    const paused = "WARN  CheerioCrawler: Pausing... Press CTRL+C again to force exit.";
    expect((await end(`${limit}\n${paused}`)).outcome).toBe("interrupted");
  });

  test("in which every request failed is not", async () => {
    for (let n = 0; n < 3; n += 1) request(null);
    statistics(0, 3);
    expect(await end()).toMatchObject({
      outcome: "unfinished",
      reason: expect.stringContaining("All 3 requests failed"),
    });
  });

  test("without a queue, or with one nobody can read, is not told", async () => {
    expect((await readCrawleeEnd(files, null, "", NOW)).outcome).toBeNull();
    expect((await end()).outcome).toBeNull();
    put("request_queues/default/abc.json", "{");
    expect((await end()).outcome).toBeNull();
  });
});

describe("Crawlee's figures", () => {
  test("are added up over its crawlers, and corrupt ones are left out", async () => {
    statistics(10, 1);
    statistics(5, 2, "second");
    put(
      "key_value_stores/default/SDK_CRAWLER_STATISTICS_3.json",
      '{"requestsFinished":"many","requestsFailed":1}',
    );
    put("key_value_stores/default/SDK_CRAWLER_STATISTICS_4.json", "{");
    expect(await readStatistics(files, join(cwd, "storage"))).toEqual({ finished: 15, failed: 3 });
    expect(await crawleeProgress(files, join(cwd, "storage"))).toEqual({
      extracted: 15,
      skipped: 3,
      message: "15 requests finished, 3 failed",
    });
  });

  test("of a dataset are its items, of however many", async () => {
    expect(await countItems(files, join(cwd, "storage"))).toBe(0);
    for (let n = 1; n <= 37; n += 1) {
      item(n);
      expect(await countItems(files, join(cwd, "storage"))).toBe(n);
    }
    expect(await crawleeProgress(files, join(cwd, "storage"))).toEqual({ extracted: 37 });
    rmSync(join(cwd, "storage"), { recursive: true });
    expect(await crawleeProgress(files, join(cwd, "storage"))).toBeNull();
  });
});
