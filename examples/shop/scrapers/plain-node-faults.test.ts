import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createShop } from "../catalogue.mjs";
import { aFolder, goodSkus, leaveNothingBehind, readSkus, startNode } from "../test-process";

const TIMEOUT_MS = 300_000;
const FAST = { SHOP_DELAY_MS: "0", SHOP_CONCURRENCY: "8" };
const servers: Server[] = [];

// Once per file: its tests run side by side, each with its own shop and folder.
afterAll(async () => {
  await leaveNothingBehind();
  for (const server of servers.splice(0)) {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
});

/** A shop with something in front of it that answers `fault(count)` in its place, unless that is null. */
async function aShopBehind(
  fault: (count: number, path: string) => number | null,
  prefix = "",
): Promise<string> {
  const shop = createShop({ productCount: 100, slow: 0 });
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    const path = (request.url ?? "/").slice(prefix.length);
    const status = fault(count, path);
    const answer = shop.respond({ path, prefix });
    if (status === null) response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
    else response.writeHead(status, { "retry-after": "1" }).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function scrape(url: string, folder: string, env: Record<string, string> = FAST) {
  return startNode("./scrapers/plain-node.mjs", [], { SHOP_URL: url, ...env }, folder);
}

function readCheckpoint(folder: string) {
  return JSON.parse(readFileSync(join(folder, "shop-checkpoint.json"), "utf8"));
}

describe.concurrent("the plain Node scraper before a shop in trouble", { timeout: TIMEOUT_MS }, () => {
  it.each([502, 503, 504])("takes %i as a shop that is away, not as a page to skip", async (status) => {
    let refusals = 4;
    const url = await aShopBehind((_, path) => (path === "/p/sku-00001" && refusals-- > 0 ? status : null));
    const folder = aFolder();
    const crawl = scrape(url, folder);
    expect((await crawl.ended).code).toBe(0);
    expect(crawl.output()).toContain(`cannot be read: status ${status}`);
    expect(crawl.output()).toContain("completed: 93 products, 7 skipped");
    expect(readSkus(folder)).toEqual(goodSkus(100));
  });

  it("ends with 1 when every product fails, and tries those pages again at the next start", async () => {
    let broken = true;
    const url = await aShopBehind((_, path) => (broken && path.startsWith("/p/") ? 404 : null));
    const folder = aFolder();
    const crawl = scrape(url, folder);
    expect((await crawl.ended).code).toBe(1);
    expect(crawl.output()).toContain(
      "10 products in a row could not be read (the last: the shop answered 404).",
    );
    expect(readCheckpoint(folder).skipped).toEqual([]);
    broken = false;
    const second = scrape(url, folder);
    expect((await second.ended).code).toBe(0);
    expect(second.output()).toContain("completed: 93 products, 7 skipped");
    expect(readSkus(folder)).toEqual(goodSkus(100));
  });

  it("never skips a list: it ends with 1 and names it", async () => {
    const url = await aShopBehind((_, path) => (path === "/c/toys" ? 404 : null));
    const folder = aFolder();
    const crawl = scrape(url, folder);
    expect((await crawl.ended).code).toBe(1);
    expect(crawl.output()).toContain(`The list ${url}/c/toys cannot be read: the shop answered 404.`);
    expect(readCheckpoint(folder).pending).toContain("/c/toys");
  });

  it("reads the shop that a dashboard mounts below a prefix", async () => {
    const dashboard = await aShopBehind(() => null, "/demo/shop");
    const folder = aFolder();
    const crawl = scrape("", folder, { ...FAST, UNSTUCK_URL: dashboard });
    expect((await crawl.ended).code).toBe(0);
    expect(readSkus(folder)).toEqual(goodSkus(100));
  });

  it("waits as long as Retry-After says", async () => {
    const url = await aShopBehind((count) => (count === 1 ? 429 : null));
    const startedAt = performance.now();
    const crawl = scrape(url, aFolder(), { ...FAST, SHOP_LIMIT: "1" });
    expect((await crawl.ended).code).toBe(0);
    expect(crawl.output()).toContain("/ answered 429; trying again in 1000 ms");
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1000);
  });
});
