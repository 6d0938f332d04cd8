import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { GOOD_PRODUCT_COUNT, PRODUCT_COUNT } from "../catalogue.mjs";
import {
  aFolder,
  goodSkus,
  keptFiles,
  leaveNothingBehind,
  readSkus,
  startNode,
  startShop,
} from "../test-process";

const TIMEOUT_MS = 300_000;
const FAST = { SHOP_DELAY_MS: "0", SHOP_CONCURRENCY: "16" };
// Slow enough that a busy machine still stops it long before its end.
const SLOW = { SHOP_DELAY_MS: "120", SHOP_CONCURRENCY: "4" };

// Once per file: its tests run side by side, each with its own shop and folder.
afterAll(leaveNothingBehind);

function scrape(url: string, folder: string, env: Record<string, string>) {
  return startNode("./scrapers/plain-node.mjs", [], { SHOP_URL: url, ...env }, folder);
}

function readCheckpoint(folder: string) {
  return JSON.parse(readFileSync(join(folder, "shop-checkpoint.json"), "utf8"));
}

describe.concurrent("the plain Node scraper", { timeout: TIMEOUT_MS }, () => {
  it("crawls the whole shop, saves every good product once and says why it skipped the others", async () => {
    const { url } = await startShop({ products: PRODUCT_COUNT });
    const folder = aFolder();
    const progressFile = join(folder, "progress.json");
    const crawl = scrape(url, folder, { ...FAST, UNSTUCK_PROGRESS_FILE: progressFile });
    expect(await crawl.ended).toEqual({ code: 0, signal: null });
    expect(crawl.output()).toContain(`completed: ${GOOD_PRODUCT_COUNT} products, 7 skipped`);
    expect(crawl.output()).toMatch(/Z page 40\/\d+ products=\d+ skipped=\d+ \//);
    expect(crawl.output().match(/skipped \S+: the page is cut off/g)).toHaveLength(3);
    expect(crawl.output().match(/skipped \S+: the page shows no price/g)).toHaveLength(2);
    expect(crawl.output().match(/skipped \S+: the shop answered 500 4 times/g)).toHaveLength(2);
    expect(readSkus(folder)).toEqual(goodSkus(PRODUCT_COUNT));
    expect(JSON.parse(readFileSync(progressFile, "utf8"))).toMatchObject({
      extracted: 1993,
      skipped: 7,
      total: 2000,
    });
    expect(readCheckpoint(folder)).toMatchObject({ finishedAt: expect.any(String), pending: [] });
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "saves on %s, ends with 0 and goes on from there",
    async (signal) => {
      const { url } = await startShop();
      const folder = aFolder();
      const first = scrape(url, folder, SLOW);
      await first.said(/products=20 /);
      first.signal(signal);
      expect(await first.ended).toEqual({ code: 0, signal: null });
      const [, saved, togo] = await first.said(/stopped: (\d+) products saved, (\d+) pages to go/);
      expect(readSkus(folder)).toHaveLength(Number(saved));
      expect(readCheckpoint(folder)).toMatchObject({ finishedAt: null, products: Number(saved) });
      expect(readCheckpoint(folder).pending).toHaveLength(Number(togo));

      const second = scrape(url, folder, FAST);
      expect((await second.ended).code).toBe(0);
      expect(second.output()).toContain(`known: ${saved} products, ${togo} pages to go`);
      expect(second.output()).toContain("completed: 193 products, 7 skipped");
      expect(readSkus(folder)).toEqual(goodSkus(200));
    },
  );

  it("neither loses nor repeats an item when it is killed again and again", async () => {
    const { url } = await startShop();
    const folder = aFolder();
    for (const mark of [/products=1 /, /products=(20|21) /, /products=(40|41) /]) {
      const crawl = scrape(url, folder, SLOW);
      await crawl.said(mark);
      crawl.signal("SIGKILL");
      expect((await crawl.ended).signal).toBe("SIGKILL");
    }
    // A kill in the middle of a write leaves half a line.
    writeFileSync(join(folder, "items.jsonl"), '{"sku":"SKU-00', { flag: "a" });
    const last = scrape(url, folder, FAST);
    expect((await last.ended).code).toBe(0);
    expect(last.output()).toMatch(/dropping \d+ bytes written after the last checkpoint/);
    expect(readSkus(folder)).toEqual(goodSkus(200));
  });

  it("begins a new crawl after a completed one and keeps the old items", async () => {
    const { url } = await startShop();
    const folder = aFolder();
    for (let turn = 1; turn <= 2; turn += 1) expect((await scrape(url, folder, FAST).ended).code).toBe(0);
    const kept = keptFiles(folder);
    expect(kept).toHaveLength(1);
    expect(readSkus(folder, kept[0])).toEqual(goodSkus(200));
    expect(readSkus(folder)).toEqual(goodSkus(200));
  });

  it("waits for a shop that is away for a while", async () => {
    const { server, url } = await startShop();
    const folder = aFolder();
    const crawl = scrape(url, folder, SLOW);
    await crawl.said(/products=20 /);
    server.signal("SIGTERM");
    await crawl.said(/cannot be read: (ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)/);
    await server.ended;
    await startShop({ port: Number(new URL(url).port) });
    expect((await crawl.ended).code).toBe(0);
    expect(readSkus(folder)).toEqual(goodSkus(200));
  });

  it("gives up with a clear sentence when the shop stays away, and loses nothing", async () => {
    const { server, url } = await startShop();
    server.signal("SIGTERM");
    await server.ended;
    const folder = aFolder();
    const crawl = scrape(url, folder, { SHOP_PATIENCE_MS: "300" });
    expect((await crawl.ended).code).toBe(1);
    expect(crawl.output()).toMatch(/could not be reached for \d+ s \(ECONNREFUSED\)\./);
    expect(crawl.output()).toContain(`The shop at ${url} could not`);
    expect(readCheckpoint(folder).pending).toEqual(["/"]);
  });

  it("ends at once, with 130, on a second signal", async () => {
    const { url } = await startShop({ slow: 1 });
    const folder = aFolder();
    const crawl = scrape(`${url}/nothing-here`, folder, {
      SHOP_URL: "http://127.0.0.1:9",
      SHOP_PATIENCE_MS: "60000",
    });
    await crawl.said(/trying again/);
    crawl.signal("SIGTERM");
    expect((await crawl.ended).code).toBe(0);
    const stubborn = scrape(url, folder, {
      SHOP_CHECKPOINT: join(folder, "other.json"),
      SHOP_CONCURRENCY: "64",
    });
    await stubborn.said(/products=1 /);
    stubborn.signal("SIGTERM");
    stubborn.signal("SIGINT");
    expect((await stubborn.ended).code).toBe(130);
  });

  it("stops at SHOP_LIMIT", async () => {
    const { url } = await startShop();
    const folder = aFolder();
    const crawl = scrape(url, folder, { ...FAST, SHOP_LIMIT: "25" });
    expect((await crawl.ended).code).toBe(0);
    expect(new Set(readSkus(folder)).size).toBe(25);
    expect(readSkus(folder)).toHaveLength(25);
  });

  it.each([
    [{ SHOP_CONCURRENCY: "many" }, 'SHOP_CONCURRENCY: expected a whole number from 1 to 64, found "many".'],
    [{ SHOP_DELAY_MS: "-1" }, 'SHOP_DELAY_MS: expected a whole number from 0 to 60000, found "-1".'],
    [{ SHOP_LIMIT: "0" }, 'SHOP_LIMIT: expected a whole number from 1 to 1000000, found "0".'],
    [{ SHOP_URL: "shop" }, 'SHOP_URL: expected an address such as http://127.0.0.1:8099, found "shop".'],
    [
      { SHOP_URL: "", UNSTUCK_URL: "up" },
      'UNSTUCK_URL: expected an address such as http://127.0.0.1:8099, found "up/demo/shop".',
    ],
  ])("refuses %j with one sentence and exit 2", async (env, sentence) => {
    const crawl = scrape("http://127.0.0.1:9", aFolder(), env);
    expect((await crawl.ended).code).toBe(2);
    expect(crawl.output()).toBe(`${sentence}\n`);
  });

  it("does not touch a checkpoint or an items file it does not understand", async () => {
    const folder = aFolder();
    writeFileSync(join(folder, "shop-checkpoint.json"), "{half");
    const crawl = scrape("http://127.0.0.1:9", folder, {});
    expect((await crawl.ended).code).toBe(1);
    expect(crawl.output()).toContain("is not one of this program");
    expect(readFileSync(join(folder, "shop-checkpoint.json"), "utf8")).toBe("{half");
  });
});
