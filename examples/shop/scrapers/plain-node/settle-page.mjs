import { say, warn } from "./log.mjs";
import { isWhole, readLinks, readProduct } from "./read-page.mjs";
import { isProductPath } from "./state.mjs";
import { Trouble } from "./trouble.mjs";

// So many bad pages one after another are a broken shop, not broken pages.
const SKIPS_IN_A_ROW_MAX = 10;

/**
 * Decides what becomes of a page that was read. Nothing in here waits: a checkpoint sees all of a page or
 * nothing of it.
 * @param {{
 *   settings: { readonly shopUrl: string, readonly limit: number },
 *   state: import("./state.mjs").CrawlState,
 *   saveItem: (item: import("./read-page.mjs").Item & { url: string }) => void,
 * }} input
 */
export function createSettler({ settings, state, saveItem }) {
  let skipsInARow = 0;

  /**
   * @param {string} path
   * @param {import("./fetch-page.mjs").Page} page
   */
  return function settle(path, page) {
    if (isProductPath(path)) settleProduct(path, page);
    else settleList(path, page);
    const counts = `products=${state.products} skipped=${state.skipped.length}`;
    say(`page ${state.done.size}/${state.pageCount()} ${counts} ${path}`);
  };

  /** @param {string} path @param {import("./fetch-page.mjs").Page} page */
  function settleProduct(path, page) {
    const read = page.ok ? readProduct(page.html) : page;
    if (!read.ok) return skip(path, read.reason);
    skipsInARow = 0;
    // Pages in flight may arrive after the limit was reached.
    if (state.products >= settings.limit) return state.giveBack(path);
    saveItem({ ...read.item, url: settings.shopUrl + path });
    state.finish(path);
  }

  /** @param {string} path @param {string} reason */
  function skip(path, reason) {
    state.skip(path, reason);
    warn(`skipped ${path}: ${reason}`);
    skipsInARow += 1;
    if (skipsInARow < SKIPS_IN_A_ROW_MAX) return;
    state.undoSkips(skipsInARow);
    throw new Trouble(
      `${skipsInARow} products in a row could not be read (the last: ${reason}). Check the shop.`,
    );
  }

  /** @param {string} path @param {import("./fetch-page.mjs").Page} page */
  function settleList(path, page) {
    // Not skipped: everything behind a list would be lost without a word.
    if (!page.ok) throw listTrouble(path, page.reason);
    if (!isWhole(page.html)) throw listTrouble(path, "the page is cut off");
    state.finish(path);
    for (const link of readLinks(page.html, settings.shopUrl)) state.add(link);
  }

  /** @param {string} path @param {string} reason */
  function listTrouble(path, reason) {
    return new Trouble(`The list ${settings.shopUrl}${path} cannot be read: ${reason}. Check the shop.`);
  }
}
