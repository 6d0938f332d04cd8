import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  BROKEN_PRODUCT_COUNT,
  CATEGORIES,
  createCatalogue,
  createShop,
  GOOD_PRODUCT_COUNT,
  isBroken,
  PRODUCT_COUNT,
  PRODUCTS,
  respond,
  type Trouble,
} from "./catalogue.mjs";

const FINGERPRINT = "54b7f3354cbb18d8b02bdd51056d80af7fd89ab6b763353a4eb8365724822ffa";

function pathOf(trouble: Trouble, refusals?: number): string {
  const found = PRODUCTS.find(
    (item) => item.trouble === trouble && item.refusals === (refusals ?? item.refusals),
  );
  if (!found) throw new Error(`No product is ${trouble}`);
  return found.path;
}

/** Every address that can be reached by links from the home page. */
function reachable(prefix: string): Set<string> {
  const shop = createShop({ productCount: 100 });
  const seen = new Set([`${prefix}/`]);
  for (const address of seen) {
    const path = address.slice(prefix.length) || "/";
    let answer = shop.respond({ path, prefix });
    for (let attempt = 1; answer.status !== 200 && attempt < 4; attempt += 1)
      answer = shop.respond({ path, prefix });
    for (const [, href = ""] of answer.body.matchAll(/href="(\/[^"]*)"/g)) seen.add(href);
  }
  return seen;
}

describe("the catalogue", () => {
  it("is the same on every machine", () => {
    const pages = PRODUCTS.map((product) => respond({ path: product.path, attempt: 9 }).body);
    const hash = createHash("sha256").update(JSON.stringify(PRODUCTS)).update(pages.join("")).digest("hex");
    expect(hash).toBe(FINGERPRINT);
  });

  it("has exactly 2,000 products, seven of them broken", () => {
    expect(PRODUCTS).toHaveLength(2000);
    expect(new Set(PRODUCTS.map(({ sku }) => sku)).size).toBe(PRODUCT_COUNT);
    expect(PRODUCTS.filter(isBroken)).toHaveLength(BROKEN_PRODUCT_COUNT);
    expect(PRODUCTS.filter((product) => !isBroken(product))).toHaveLength(GOOD_PRODUCT_COUNT);
  });

  it("has seven broken products in every size, and refuses a size it cannot have", () => {
    for (const size of [10, 200, 1999]) {
      expect(createCatalogue(size).products.filter(isBroken)).toHaveLength(7);
    }
    expect(() => createCatalogue(9)).toThrow("Expected 10 to 2000 products, found 9.");
    expect(() => createCatalogue(2001)).toThrow(RangeError);
  });

  it("has a few per cent slow pages, between 300 and 1500 ms", () => {
    const slow = PRODUCTS.filter(({ trouble }) => trouble === "slow");
    expect(slow.length).toBeGreaterThan(PRODUCT_COUNT * 0.02);
    expect(slow.length).toBeLessThan(PRODUCT_COUNT * 0.05);
    expect(slow.every(({ delayMs }) => delayMs >= 300 && delayMs <= 1500)).toBe(true);
  });
});

describe("the shop", () => {
  it("leads from its home page to every product, below whatever prefix it is mounted at", () => {
    for (const prefix of ["", "/demo/shop"]) {
      const found = reachable(prefix);
      for (const { path } of createCatalogue(100).products) expect(found).toContain(prefix + path);
      for (const address of found) expect(address.startsWith(`${prefix}/`) || address === prefix).toBe(true);
    }
  });

  it("shows sku, title and price of a good product", () => {
    const product = PRODUCTS[0];
    if (!product) throw new Error("No products");
    const { status, body } = respond({ path: `${product.path}?from=test` });
    expect(status).toBe(200);
    expect(body).toContain(`<dd class="sku">${product.sku}</dd>`);
    expect(body).toContain(`<h1>${product.title}</h1>`);
    expect(body).toContain(`value="${product.price.toFixed(2)}"`);
    expect(body.trimEnd().endsWith("</html>")).toBe(true);
  });

  it("answers a busy page with 429 and Retry-After as often as it is meant to, and again in the next crawl", () => {
    const shop = createShop();
    const path = pathOf("busy", 2);
    const statuses = Array.from({ length: 6 }, () => shop.respond({ path }).status);
    expect(statuses).toEqual([429, 429, 200, 429, 429, 200]);
    expect(shop.respond({ path }).headers["retry-after"]).toBe("1");
    expect(createShop({ slow: 0 }).respond({ path }).headers["retry-after"]).toBe("0");
  });

  it("counts the attempts of every shop for itself", () => {
    const path = pathOf("flaky");
    expect(createShop().respond({ path }).status).toBe(500);
    expect(createShop().respond({ path }).status).toBe(500);
  });

  it("fails once on a flaky page and for ever on a dead one", () => {
    const flaky = pathOf("flaky");
    expect(respond({ path: flaky, attempt: 1 }).status).toBe(500);
    expect(respond({ path: flaky, attempt: 2 }).status).toBe(200);
    expect(respond({ path: pathOf("dead"), attempt: 99 }).status).toBe(500);
  });

  it("cuts pages off before their price, and leaves the price out of others", () => {
    const cut = respond({ path: pathOf("cut-off") });
    expect(cut.status).toBe(200);
    expect(cut.body).not.toMatch(/<\/html>|data class="price"/);
    const unpriced = respond({ path: pathOf("no-price") });
    expect(unpriced.body).not.toContain('data class="price"');
    expect(unpriced.body).toContain("</html>");
  });

  it("scales its slowness", () => {
    const path = pathOf("slow");
    const { delayMs } = respond({ path });
    expect(respond({ path, slow: 0.5 }).delayMs).toBe(Math.round(delayMs / 2));
    expect(respond({ path, slow: 0 }).delayMs).toBe(0);
  });

  it("answers 404 for pages it does not have", () => {
    const paths = ["/p/sku-99999", "/c/nothing", "/c/toys/999", "/c/toys/0", "/../etc", "//"];
    expect(paths.map((path) => respond({ path }).status)).toEqual([404, 404, 404, 404, 404, 200]);
    expect(CATEGORIES.map(({ slug }) => respond({ path: `/c/${slug}` }).status)).toEqual(Array(8).fill(200));
  });

  it("writes a prefix with signs of HTML as text", () => {
    expect(respond({ path: "/", prefix: '/"><script>' }).body).not.toContain("<script>");
  });
});
