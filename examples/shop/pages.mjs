import { CATEGORIES } from "./products.mjs";

/**
 * @typedef {import("./catalogue.mjs").Product} Product
 * @typedef {import("./catalogue.mjs").Catalogue} Catalogue
 * @typedef {import("./catalogue.mjs").Category} Category
 */

export const LIST_SIZE = 24;

const SHOP_NAME = "Larkspur &amp; Pine";

const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--ink:#26302b;--soft:#6a756e;--line:#e3e0d8;--card:#fff;--leaf:#2f6b4f}
@media(prefers-color-scheme:dark){:root{--paper:#171b19;--ink:#e9ece8;--soft:#9aa59e;--line:#2d3431;--card:#1f2522;--leaf:#8fd0ac}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
a{color:inherit}header,main,footer{max-width:68rem;margin:0 auto;padding:1.25rem}
header{display:flex;flex-wrap:wrap;gap:.5rem 2rem;align-items:baseline;border-bottom:1px solid var(--line)}
.brand{font:600 1.35rem/1.2 Georgia,serif;text-decoration:none;color:var(--leaf)}
.categories{display:flex;flex-wrap:wrap;gap:.25rem 1rem}.categories a{text-decoration:none}
a:hover{text-decoration:underline}h1{font:600 1.9rem/1.2 Georgia,serif;margin:.5rem 0 1rem}.soft,footer{color:var(--soft)}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(11.5rem,1fr));gap:1rem;padding:0;list-style:none}
.grid a{display:block;height:100%;background:var(--card);border:1px solid var(--line);border-radius:.75rem;overflow:hidden;
text-decoration:none}.grid a:hover,.grid a:focus-visible{border-color:var(--leaf)}.grid span,.grid small{display:block;padding:0 .9rem}
.grid span{padding-top:.7rem;font-weight:600}.grid small{padding-bottom:.9rem;color:var(--soft)}svg{display:block;width:100%}
.pages{display:flex;gap:1.5rem;justify-content:center;padding:1rem}.product{display:grid;gap:2rem;align-items:start;
grid-template-columns:repeat(auto-fit,minmax(16rem,1fr))}.product svg{border-radius:1rem}.price,.unpriced{font-size:1.6rem;color:var(--leaf)}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1.25rem}dt{color:var(--soft)}dd{margin:0}`;

/** @param {{ catalogue: Catalogue, prefix: string }} input */
export function homePage({ catalogue, prefix }) {
  const cards = CATEGORIES.map(({ slug, name }, turn) => {
    const size = catalogue.byCategory.get(slug)?.length ?? 0;
    return card({
      href: `${escapeHtml(prefix)}/c/${slug}`,
      kind: "category",
      turn,
      title: escapeHtml(name),
      note: `${size} things`,
    });
  });
  return frame({
    prefix,
    title: "Things for a calm house",
    main: `<p class="soft">${catalogue.products.length} products in ${CATEGORIES.length} departments.</p>
<ul class="grid">${cards.join("\n")}</ul>`,
  });
}

/** @param {{ category: Category, page: number, pageCount: number, catalogue: Catalogue, prefix: string }} input */
export function listPage({ category, page, pageCount, catalogue, prefix }) {
  const all = catalogue.byCategory.get(category.slug) ?? [];
  const cards = all.slice((page - 1) * LIST_SIZE, page * LIST_SIZE).map((product) =>
    card({
      href: `${escapeHtml(prefix)}${product.path}`,
      kind: "product",
      turn: Number(product.sku.slice(4)),
      title: escapeHtml(product.title),
      note: euros(product.price),
    }),
  );
  const link = (/** @type {number} */ to, /** @type {string} */ rel, /** @type {string} */ text) =>
    `<a rel="${rel}" class="${rel}" href="${escapeHtml(prefix)}/c/${category.slug}${to > 1 ? `/${to}` : ""}">${text}</a>`;
  return frame({
    prefix,
    title: escapeHtml(category.name),
    main: `<ul class="grid">${cards.join("\n")}</ul>
<nav class="pages" aria-label="Pages">${page > 1 ? link(page - 1, "prev", "← Before") : ""}
<span class="soft">Page ${page} of ${pageCount}</span>
${page < pageCount ? link(page + 1, "next", "More →") : ""}</nav>`,
  });
}

/** @param {{ product: Product, prefix: string }} input */
export function productPage({ product, prefix }) {
  const category = CATEGORIES.find(({ slug }) => slug === product.category);
  return frame({
    prefix,
    title: escapeHtml(product.title),
    main: `<article class="product">${picture(Number(product.sku.slice(4)), "4 3")}<div>
<p><data class="price" value="${product.price.toFixed(2)}">${euros(product.price)}</data></p>
<dl><dt>Article</dt><dd class="sku">${product.sku}</dd>
<dt>Department</dt><dd class="category" data-slug="${product.category}">${escapeHtml(category?.name ?? "")}</dd></dl>
<p>Made to be used every day and to be handed on. Sent within two days, taken back within thirty.</p>
</div></article>`,
  });
}

/** @param {{ prefix: string, title: string, text: string }} input */
export function messagePage({ prefix, title, text }) {
  return frame({ prefix, title, main: `<p>${text}</p>` });
}

/** @param {{ prefix: string, title: string, main: string }} input `title` and `main` are HTML */
function frame({ prefix, title, main }) {
  const base = escapeHtml(prefix);
  const links = CATEGORIES.map(({ slug, name }) => `<a href="${base}/c/${slug}">${escapeHtml(name)}</a>`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${SHOP_NAME}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body>
<header><a class="brand" href="${base || "/"}">${SHOP_NAME}</a>
<nav class="categories" aria-label="Departments">${links.join("\n")}</nav></header>
<main><h1>${title}</h1>
${main}</main>
<footer>A demonstration shop. Nothing here can be bought: it exists to be scraped.</footer>
</body>
</html>
`;
}

/** @param {{ href: string, kind: string, turn: number, title: string, note: string }} input */
function card({ href, kind, turn, title, note }) {
  return `<li><a class="${kind}" href="${href}">${picture(turn, "8 5")}<span>${title}</span><small>${note}</small></a></li>`;
}

/**
 * Drawn, not fetched: the page must look right without a network.
 * @param {number} turn
 * @param {"8 5" | "4 3"} shape
 */
function picture(turn, shape) {
  const hue = (turn * 47) % 360;
  const [width, height] = shape === "8 5" ? [80, 50] : [80, 60];
  const round = 10 + (turn % 5) * 2;
  return `<svg viewBox="0 0 ${width} ${height}" aria-hidden="true"><rect width="80" height="60" fill="hsl(${hue} 32% 72%)"/>
<circle cx="${26 + (turn % 4) * 9}" cy="${height - round}" r="${round}" fill="hsl(${hue + 25} 38% 52%)"/>
<rect x="${12 + (turn % 7) * 6}" y="${height - 14}" width="26" height="14" rx="3" fill="hsl(${hue + 60} 30% 42%)"/></svg>`;
}

/** @param {number} price */
function euros(price) {
  return `€${price.toFixed(2)}`;
}

/** @param {string} text */
function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
