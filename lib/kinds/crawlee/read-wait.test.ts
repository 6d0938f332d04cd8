import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { readCrawleeWait } from "./read-wait";

/** As Crawlee 3.18.1 leaves it: findings/crawlee-waits-for-locks-of-an-orderly-stop.sh */

const files = testFiles();
const STARTED = 1_780_000_000_000;
const NOW = STARTED + 20_000;
const LOCK_MS = 180_000;
let storage: string;
let made = 0;
beforeEach(() => {
  storage = temporaryFolder();
});

/** A request of the queue, last written at that moment. */
function request(orderNo: number | null, writtenAt: number): void {
  made += 1;
  const folder = join(storage, "request_queues/default");
  const file = join(folder, `request${String(made).padStart(8, "0")}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ id: `request${made}`, orderNo, url: "http://x/" }));
  utimesSync(file, writtenAt / 1_000, writtenAt / 1_000);
}

const before = STARTED - 6_000;
const lockedBefore = (ms = LOCK_MS) => request(before + ms, before);
const wait = () => readCrawleeWait(files, storage, STARTED, NOW);

test("a resumed run that has nothing to do but what the run before it has locked waits until the first lock passes", async () => {
  request(null, NOW - 1_000);
  lockedBefore(LOCK_MS + 500);
  lockedBefore();
  request(-(before + LOCK_MS + 900), before);
  const until = before + LOCK_MS;
  const clock = new Date(until).toTimeString().slice(0, 5);
  expect(await wait()).toEqual({
    until,
    what: `its own locks until ${clock}: 3 requests are still locked by the run before it`,
  });
});

test("a run that has something to do, or is at work on a request, waits for nothing", async () => {
  lockedBefore();
  request(NOW - 1, NOW - 1_000);
  expect(await wait()).toBeNull();
});

test("a run that is at work on a request of its own waits for nothing, however many others are locked", async () => {
  lockedBefore();
  request(NOW + LOCK_MS, NOW - 1_000);
  expect(await wait()).toBeNull();
});

test("locks that have passed, an empty storage and one that is not known mean no wait", async () => {
  expect(await wait()).toBeNull();
  request(NOW - 1, before);
  expect(await wait()).toBeNull();
  const other = temporaryFolder();
  mkdirSync(join(other, "request_queues/default"), { recursive: true });
  writeFileSync(join(other, "request_queues/default/queue.sqlite"), "SQLite format 3");
  expect(await readCrawleeWait(files, other, STARTED, NOW)).toBeNull();
});
