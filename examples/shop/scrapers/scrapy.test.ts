import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { aFolder, goodSkus, leaveNothingBehind, readSkus, startProgram, startShop } from "../test-process";

const TIMEOUT_MS = 300_000;
const FAST = { SHOP_DELAY_MS: "0", SHOP_CONCURRENCY: "16" };
// Slow enough that a busy machine still stops it long before its end.
const SLOW = { SHOP_DELAY_MS: "240", SHOP_CONCURRENCY: "4" };
const SPIDER = fileURLToPath(new URL("./scrapy/shop_spider.py", import.meta.url));

const python = ["/usr/bin/python3", "python3", "/usr/local/bin/python3"].find(
  (candidate) => spawnSync(candidate, ["-c", "import scrapy"]).status === 0,
);
const skipped = python ? "" : " [skipped: Scrapy not found: apt-get install python3-scrapy]";

// Once per file: its tests run side by side, each with its own shop and folder.
afterAll(leaveNothingBehind);

function scrape(url: string, folder: string, env: Record<string, string>) {
  const args = ["-m", "scrapy", "runspider", SPIDER, "-s", `JOBDIR=${join(folder, "job")}`];
  return startProgram(python ?? "python3", args, {
    env: { SHOP_URL: url, SHOP_OUT: folder, ...env },
    cwd: folder,
  });
}

describe.concurrent("the Scrapy spider", { timeout: TIMEOUT_MS }, () => {
  it.skipIf(!python)(
    `stops on SIGTERM and goes on from its JOBDIR until it has everything${skipped}`,
    async () => {
      const { url } = await startShop();
      const folder = aFolder();
      const first = scrape(url, folder, SLOW);
      await first.until(() => readSkus(folder).length >= 10);
      first.signal("SIGTERM");
      expect((await first.ended).code).toBe(0);
      expect(first.output()).toContain("Spider closed (shutdown)");
      expect(readSkus(folder).length).toBeLessThan(193);

      const second = scrape(url, folder, FAST);
      expect((await second.ended).code).toBe(0);
      expect(second.output()).toContain("Resuming crawl");
      expect(second.output()).toContain("Spider closed (finished)");
      expect(readSkus(folder)).toEqual(goodSkus(200));
      const reasons = (first.output() + second.output()).match(/skipped \/p\/\S+: .+/g);
      expect(new Set(reasons).size).toBe(7);
    },
  );

  it.skipIf(!python)(`neither loses nor repeats an item when it is killed${skipped}`, async () => {
    const { url } = await startShop();
    const folder = aFolder();
    const first = scrape(url, folder, SLOW);
    await first.until(() => readSkus(folder).length >= 10);
    first.signal("SIGKILL");
    await first.ended;
    const second = scrape(url, folder, FAST);
    expect((await second.ended).code).toBe(0);
    expect(second.output()).toContain("The last crawl was killed: reading the lists again");
    expect(readSkus(folder)).toEqual(goodSkus(200));
  });

  it.skipIf(!python)(`puts back what it could not read when the shop is away${skipped}`, async () => {
    const { server, url } = await startShop();
    server.signal("SIGTERM");
    await server.ended;
    const folder = aFolder();
    const first = scrape(url, folder, { ...FAST, SHOP_PATIENCE_MS: "0" });
    await first.ended;
    expect(first.output()).toContain("Spider closed (shop_unreachable)");
    await startShop({ port: Number(new URL(url).port) });
    const second = scrape(url, folder, FAST);
    await second.ended;
    expect(readSkus(folder)).toEqual(goodSkus(200));
  });

  it.skipIf(!python)(`refuses a bad setting with a sentence${skipped}`, async () => {
    const crawl = scrape("http://127.0.0.1:9", aFolder(), { SHOP_CONCURRENCY: "lots" });
    expect((await crawl.ended).code).not.toBe(0);
    expect(crawl.output()).toContain('SHOP_CONCURRENCY: expected a whole number from 1 to 64, found "lots".');
  });
});
