import { mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { judgeRecovery } from "@/lib/domain/recovery";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { makeFifo } from "@/test/programs";
import { readCheckpoint } from "../checkpoint";

const files = testFiles();
let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});

const CLOSED_AT = 1_780_000_000;

/** A file of the JOBDIR, last written so many seconds after Scrapy closed. */
function put(name: string, content: string | Buffer, afterClose = 0): void {
  const path = join(cwd, "job", name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  utimesSync(path, CLOSED_AT + afterClose, CLOSED_AT + afterClose);
}

/** A file as queuelib closes it: the number of records, then records and their lengths. */
function lifo(requests: number): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(requests);
  return Buffer.concat([header, Buffer.alloc(requests * 50, "x")]);
}

const seen = (pages: number) => "0123456789abcdef0123456789abcdef01234567\n".repeat(pages);
const read = () => readCheckpoint(files, cwd, "job", "scrapy");
const verdict = async () => judgeRecovery(await read(), null, 0).verdict;

/** As Scrapy leaves it when it was asked to close with work left. */
function closedWithWork(): void {
  put("requests.seen", seen(120));
  put("spider.state", "\x80\x04}.");
  put("requests.queue/active.json", "[0, 1]");
  put("requests.queue/0", lifo(40));
  put("requests.queue/1", lifo(21));
}

describe("E1 E2 a JOBDIR", () => {
  test("that is not there, or empty, holds nothing to go on from", async () => {
    expect(await read()).toEqual({ found: "none", path: join(cwd, "job") });
    mkdirSync(join(cwd, "job/requests.queue"), { recursive: true });
    expect((await read()).found).toBe("empty");
    put("requests.seen", "");
    put("requests.queue/0", lifo(0));
    expect((await read()).found).toBe("empty");
    expect(await verdict()).toBe("dead");
  });

  for (const [version, empty] of [
    ["before 2.14", "[]"],
    ["since 2.14", "{}"],
  ] as const)
    test(`whose list of queues is empty (${version}) is complete`, async () => {
      put("requests.seen", seen(3));
      put("requests.queue/active.json", empty);
      expect(await read()).toMatchObject({ found: "complete", summary: "no request is left, 3 pages seen" });
      expect(await verdict()).toBe("complete");
    });

  test("that was closed with requests in it is resumable, and says how many", async () => {
    closedWithWork();
    expect(await read()).toMatchObject({ found: "data", summary: "61 requests queued, 120 pages seen" });
    expect(judgeRecovery(await read(), null, CLOSED_AT * 1000)).toMatchObject({ verdict: "resumable" });
    expect(judgeRecovery(await read(), null, 0).evidence[0]?.value).toContain(
      "61 requests queued, 120 pages seen",
    );
  });

  test("with a queue for each site, of either order, is counted through", async () => {
    put("requests.queue/active.json", '{"shop.example": [0]}');
    put("requests.queue/shop.example-0123/0", lifo(7));
    put(
      "requests.queue/shop.example-0123/0s/info.json",
      '{"chunksize":100000,"size":5,"tail":[0,5,9],"head":[0,0]}',
    );
    put("requests.queue/shop.example-0123/0s/q00000", "x".repeat(500));
    expect(await read()).toMatchObject({ found: "data", summary: "12 requests queued, 0 pages seen" });
  });

  test("that was never closed is degraded: its queue is lost, so that is not called resumable", async () => {
    put("requests.seen", "");
    put("requests.queue/0", Buffer.concat([Buffer.alloc(4), Buffer.alloc(5_000, "x")]));
    expect(await read()).toMatchObject({
      found: "degraded",
      summary: "a queue of 5,004 bytes that was never closed, 0 pages seen",
    });
    expect(await verdict()).toBe("unknown");
    expect(judgeRecovery(await read(), null, 0).sentence).toMatch(/URLs that were queued are lost.*fresh/);
  });

  test("that was closed with requests none of which could be written says so, and is not called resumable", async () => {
    // As Scrapy 2.8.0 leaves it when every callback is a lambda: the queue is named, and there is no file of it.
    put("requests.seen", seen(41));
    put("spider.state", "\x80\x04}.");
    put("requests.queue/active.json", "[0]");
    expect(await read()).toMatchObject({
      found: "degraded",
      summary: "requests were left and none was saved, 41 pages seen",
    });
    expect(await verdict()).toBe("unknown");
    expect(judgeRecovery(await read(), null, 0).sentence).toMatch(/scheduler\/unserializable.*fresh/);
  });

  test("that has seen pages and lost everything else is degraded", async () => {
    put("requests.seen", seen(9));
    expect(await read()).toMatchObject({
      found: "degraded",
      summary: expect.stringContaining("9 pages seen"),
    });
  });

  test("that a later crawl went on with and was killed in is degraded, whatever the list of the earlier one says", async () => {
    closedWithWork();
    put("requests.queue/0", lifo(40), 60);
    expect((await read()).found).toBe("degraded");
    closedWithWork();
    put("requests.seen", seen(130), 60);
    expect((await read()).found).toBe("degraded");
    put("requests.seen", seen(130));
    put("requests.queue/active.json", "[]");
    put("requests.queue/0", lifo(0), 60);
    expect((await read()).found).toBe("degraded");
  });

  test("with a queue in SQLite survives a kill", async () => {
    put("requests.queue/0", `SQLite format 3\0${"x".repeat(4_000)}`);
    put("requests.queue/0-wal", "x".repeat(900));
    put("requests.seen", seen(2));
    expect(await read()).toMatchObject({ found: "data", summary: "a queue in SQLite, 2 pages seen" });
    expect(await verdict()).toBe("resumable");
    put("requests.queue/active.json", "[0]", -60);
    expect((await read()).found).toBe("data");
  });
});

describe("what Scrapy did not write is a finding and never dead", () => {
  const CASES: readonly (readonly [string, () => void])[] = [
    ["a list of queues that is no JSON", () => put("requests.queue/active.json", "[0, ")],
    ["a list of queues that is no list", () => put("requests.queue/active.json", '"all"')],
    ["a list of queues that is empty text", () => put("requests.queue/active.json", "")],
    [
      "a header that promises more than the file holds",
      () => put("requests.queue/0", Buffer.from([255, 255, 255, 255, 1])),
    ],
    ["info.json without a size", () => put("requests.queue/0/info.json", '{"size":"many"}')],
    ["info.json that is no JSON", () => put("requests.queue/0/info.json", "\0")],
    ["a file where the JOBDIR is to be", () => writeFileSync(join(cwd, "job"), "x")],
    ["a link where the JOBDIR is to be", () => symlinkSync("/", join(cwd, "job"))],
  ];
  for (const [what, make] of CASES)
    test(what, async () => {
      make();
      expect(await read()).toMatchObject({ found: "unreadable", problem: expect.stringMatching(/./) });
      expect(await verdict()).toBe("unknown");
    });
});

describe("a hostile JOBDIR", () => {
  test("is never left by a link", async () => {
    writeFileSync(join(cwd, "outside"), lifo(99));
    mkdirSync(join(cwd, "job/requests.queue"), { recursive: true });
    symlinkSync(join(cwd, "outside"), join(cwd, "job/requests.queue/0"));
    symlinkSync(cwd, join(cwd, "job/requests.queue/away"));
    symlinkSync(join(cwd, "outside"), join(cwd, "job/requests.seen"));
    expect((await read()).found).toBe("empty");
    rmSync(join(cwd, "job/requests.queue"), { recursive: true });
    symlinkSync(cwd, join(cwd, "job/requests.queue"));
    expect((await read()).found).toBe("empty");
  });

  test("does not hold up whoever looks: a FIFO is not opened, and a huge file not loaded", async () => {
    closedWithWork();
    makeFifo(join(cwd, "job/requests.queue/2"));
    truncateSync(join(cwd, "job/requests.seen"), 5 * 1024 ** 3);
    utimesSync(join(cwd, "job/requests.seen"), CLOSED_AT, CLOSED_AT);
    expect(await read()).toMatchObject({
      found: "data",
      summary: expect.stringMatching(/^61 requests queued, 130,\d/),
    });
  });

  test("with more files and folders than a crawl makes is looked at in part", async () => {
    mkdirSync(join(cwd, `job/requests.queue/${"deep/".repeat(40)}`), { recursive: true });
    for (let n = 0; n < 2_500; n += 1) put(`requests.queue/${n}`, lifo(1));
    put("requests.queue/active.json", "[0]");
    expect(["data", "degraded"]).toContain((await read()).found);
  });
});
