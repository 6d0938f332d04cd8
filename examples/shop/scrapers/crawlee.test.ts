import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  aFolder,
  goodSkus,
  keptFiles,
  leaveNothingBehind,
  readSkus,
  startNode,
  startShop,
} from "../test-process";

// Crawlee waits three seconds before each new try of a page that failed.
const TIMEOUT_MS = 300_000;
const FAST = { SHOP_DELAY_MS: "0", SHOP_CONCURRENCY: "8" };
// Slow enough that a busy machine still stops it long before its end.
const SLOW = { SHOP_DELAY_MS: "160", SHOP_CONCURRENCY: "4" };

// Once per file: its tests run side by side, each with its own shop and folder.
afterAll(leaveNothingBehind);

function scrape(url: string, folder: string, env: Record<string, string>) {
  const variables = { SHOP_URL: url, CRAWLEE_STORAGE_DIR: folder, ...env };
  return startNode("./scrapers/crawlee/main.mjs", [], variables, folder);
}

function expectComplete(folder: string) {
  expect(readSkus(folder)).toEqual(goodSkus(200));
  const dataset = join(folder, "datasets/default");
  const skus = readdirSync(dataset).map((name) => JSON.parse(readFileSync(join(dataset, name), "utf8")).sku);
  expect(new Set(skus).size).toBe(skus.length);
  expect(skus.sort()).toEqual(goodSkus(200));
}

describe.concurrent("the Crawlee scraper", { timeout: TIMEOUT_MS }, () => {
  it("neither loses nor repeats an item when it is paused with SIGINT, then killed, then resumed", async () => {
    const { url } = await startShop();
    const folder = aFolder();
    const resume = { CRAWLEE_PURGE_ON_START: "0" };
    const paused = scrape(url, folder, SLOW);
    await paused.said(/products=20 /);
    paused.signal("SIGINT");
    expect(await paused.ended).toEqual({ code: 0, signal: null });
    const [, saved] = await paused.said(/stopped: (\d+) products saved, [1-9]\d* pages to go/);
    expect(readSkus(folder)).toHaveLength(Number(saved));

    const killed = scrape(url, folder, { ...SLOW, ...resume });
    await killed.until(() => readSkus(folder).length > Number(saved) + 15);
    killed.signal("SIGKILL");
    expect((await killed.ended).signal).toBe("SIGKILL");

    const last = scrape(url, folder, { ...FAST, ...resume });
    expect((await last.ended).code).toBe(0);
    expect(last.output()).toContain("completed: 193 products, 7 skipped");
    expectComplete(folder);
  });

  it("starts over without CRAWLEE_PURGE_ON_START=0 and keeps the old items", async () => {
    const { url } = await startShop();
    const folder = aFolder();
    for (let turn = 1; turn <= 2; turn += 1) {
      const crawl = scrape(url, folder, SLOW);
      // Counted from the beginning each time: a crawl that goes on counts on from what it knows.
      await crawl.said(/products=1 /);
      await crawl.said(/products=10 /);
      crawl.signal("SIGKILL");
      await crawl.ended;
    }
    expect(keptFiles(folder)).toHaveLength(1);
    expect(readSkus(folder, keptFiles(folder)[0]).length).toBeGreaterThanOrEqual(10);
  });

  it("gives up with a clear sentence when the shop is away, and leaves its pages in the queue", async () => {
    const { server, url } = await startShop();
    server.signal("SIGTERM");
    await server.ended;
    const folder = aFolder();
    const crawl = scrape(url, folder, { SHOP_PATIENCE_MS: "0" });
    expect((await crawl.ended).code).toBe(1);
    expect(crawl.output()).toMatch(new RegExp(`The shop at ${url} could not be read: /: .*ECONNREFUSED`));
    await startShop({ port: Number(new URL(url).port) });
    const second = scrape(url, folder, { ...SLOW, CRAWLEE_PURGE_ON_START: "0" });
    await second.said(/products=1 /);
    second.signal("SIGKILL");
    await second.ended;
  });

  it("refuses bad settings with a sentence each and exit 2", async () => {
    const crawl = scrape("here", aFolder(), { SHOP_CONCURRENCY: "0" });
    expect((await crawl.ended).code).toBe(2);
    expect(crawl.output().trimEnd().split("\n")).toEqual([
      'SHOP_URL: expected an address such as http://127.0.0.1:8099, found "here".',
      'SHOP_CONCURRENCY: expected a whole number from 1 to 64, found "0".',
    ]);
  });
});
