/**
 * @typedef {{ readonly sku: string, readonly title: string, readonly price: number, readonly category: string }} Item
 * @typedef {{ readonly ok: true, readonly item: Item } | { readonly ok: false, readonly reason: string }} ReadItem
 */

/**
 * @param {string} html
 * @returns {ReadItem}
 */
export function readProduct(html) {
  if (!isWhole(html)) return { ok: false, reason: "the page is cut off" };
  const sku = first(html, /<dd class="sku">([^<]+)<\/dd>/);
  const title = first(html, /<h1>([^<]+)<\/h1>/);
  const price = Number(first(html, /<data class="price" value="([\d.]+)">/) ?? Number.NaN);
  const category = first(html, /data-slug="([^"]+)"/);
  if (!sku || !title || !category) return { ok: false, reason: "the page is not a product" };
  if (Number.isNaN(price)) return { ok: false, reason: "the page shows no price" };
  return { ok: true, item: { sku, title, price, category } };
}

/** @param {string} html A list page that is cut off would hide products for ever. */
export function isWhole(html) {
  return html.trimEnd().endsWith("</html>");
}

/**
 * Paths below the shop's address: a checkpoint stays good when the shop moves to another port.
 * @param {string} html
 * @param {string} shopUrl
 */
export function readLinks(html, shopUrl) {
  /** @type {string[]} */
  const paths = [];
  for (const [, href = ""] of html.matchAll(/<a [^>]*href="([^"]+)"/g)) {
    const url = new URL(href, `${shopUrl}/`).href;
    if (url.startsWith(`${shopUrl}/`)) paths.push(url.slice(shopUrl.length));
  }
  return paths;
}

/**
 * @param {string} html
 * @param {RegExp} pattern
 */
function first(html, pattern) {
  return pattern.exec(html)?.[1] ?? null;
}
