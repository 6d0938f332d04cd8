import { homePage, LIST_SIZE, listPage, messagePage, productPage } from "./pages.mjs";
import { CATEGORIES, createCatalogue, PRODUCT_COUNT } from "./products.mjs";

export {
  BROKEN_PRODUCT_COUNT,
  CATEGORIES,
  createCatalogue,
  GOOD_PRODUCT_COUNT,
  isBroken,
  PRODUCT_COUNT,
} from "./products.mjs";

/**
 * @typedef {import("./catalogue.mjs").Product} Product
 * @typedef {import("./catalogue.mjs").ShopAnswer} ShopAnswer
 * @typedef {import("./catalogue.mjs").ShopRequest} ShopRequest
 * @typedef {import("./catalogue.mjs").Catalogue} Catalogue
 */

const WHOLE = createCatalogue(PRODUCT_COUNT);

export const PRODUCTS = WHOLE.products;

/** @type {typeof import("./catalogue.mjs").createShop} */
export function createShop({ productCount = PRODUCT_COUNT, slow = 1 } = {}) {
  const catalogue = productCount === PRODUCT_COUNT ? WHOLE : createCatalogue(productCount);
  /** @type {Map<string, number>} */
  const attempts = new Map();
  return {
    catalogue,
    respond(request) {
      const product = catalogue.byPath.get(plainPath(request.path));
      // Only pages that refuse are counted: strangers' paths must not fill the memory.
      if (!product?.refusals) return respond({ ...request, catalogue, slow });
      const attempt = (attempts.get(product.path) ?? 0) + 1;
      const answer = respond({ ...request, attempt, catalogue, slow });
      // Forgotten after a good answer, so that the next crawl meets the same refusals.
      if (answer.status === 200) attempts.delete(product.path);
      else attempts.set(product.path, attempt);
      return answer;
    },
  };
}

/** @type {typeof import("./catalogue.mjs").respond} */
export function respond({ path, prefix = "", attempt = 1, catalogue = WHOLE, slow = 1 }) {
  const plain = plainPath(path);
  const product = catalogue.byPath.get(plain);
  if (product) return respondProduct(product, { prefix, attempt, slow });
  if (plain === "/") return html(200, homePage({ catalogue, prefix }));
  if (plain === "/robots.txt")
    return { ...html(200, "User-agent: *\nAllow: /\n"), headers: headers("text/plain") };
  const list = parseListPath(plain, catalogue);
  if (!list)
    return html(404, messagePage({ prefix, title: "Not here", text: "There is no such page in this shop." }));
  // Every fifth list page is a little slow, as deep pages of real shops are.
  return html(200, listPage({ ...list, catalogue, prefix }), list.page % 5 === 0 ? 400 * slow : 0);
}

/**
 * @param {Product} product
 * @param {{ prefix: string, attempt: number, slow: number }} how
 * @returns {ShopAnswer}
 */
function respondProduct(product, { prefix, attempt, slow }) {
  const page = productPage({ product, prefix });
  const refused = attempt <= product.refusals;
  switch (product.trouble) {
    case "busy":
      if (!refused) return html(200, page);
      return withRetryAfter(html(429, messagePage({ prefix, ...BUSY })), Math.ceil(slow));
    case "flaky":
      return refused ? html(500, messagePage({ prefix, ...FAULT })) : html(200, page);
    case "dead":
      return html(500, messagePage({ prefix, ...FAULT }));
    case "cut-off":
      return html(200, page.slice(0, page.indexOf('<data class="price"') - 20));
    case "no-price":
      return html(
        200,
        page.replace(/<data class="price".*<\/data>/, '<em class="unpriced">Price on request</em>'),
      );
    case "slow":
      return html(200, page, Math.round(product.delayMs * slow));
    case "none":
      return html(200, page);
  }
}

const BUSY = { title: "One moment", text: "Too many visitors at this shelf. Please come back in a second." };
const FAULT = { title: "Something fell over", text: "This shelf cannot be shown right now." };

/**
 * @param {string} path
 * @param {Catalogue} catalogue
 */
function parseListPath(path, catalogue) {
  const found = /^\/c\/([a-z]+)(?:\/([1-9]\d{0,3}))?$/.exec(path);
  const category = CATEGORIES.find(({ slug }) => slug === found?.[1]);
  if (!category) return null;
  const page = Number(found?.[2] ?? 1);
  const size = catalogue.byCategory.get(category.slug)?.length ?? 0;
  const pageCount = Math.max(1, Math.ceil(size / LIST_SIZE));
  return page <= pageCount ? { category, page, pageCount } : null;
}

/** @param {string} path */
function plainPath(path) {
  return path.replace(/[?#].*$/s, "").replace(/\/+$/, "") || "/";
}

/**
 * @param {number} status
 * @param {string} body
 * @param {number} [delayMs]
 * @returns {ShopAnswer}
 */
function html(status, body, delayMs = 0) {
  return { status, headers: headers("text/html"), body, delayMs };
}

/** @param {string} type */
function headers(type) {
  return {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  };
}

/**
 * @param {ShopAnswer} answer
 * @param {number} seconds
 * @returns {ShopAnswer}
 */
function withRetryAfter(answer, seconds) {
  return { ...answer, headers: { ...answer.headers, "retry-after": String(seconds) } };
}
