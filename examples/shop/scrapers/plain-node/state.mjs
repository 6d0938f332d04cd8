/**
 * @typedef {{ readonly path: string, readonly reason: string }} Skipped
 * @typedef {{
 *   version: 1, startedAt: string, finishedAt: string | null, products: number, itemsBytes: number,
 *   skipped: Skipped[], done: string[], pending: string[],
 * }} SavedState
 */

/** What a crawl knows. A path is pending until its page is saved or skipped, so a kill loses none. */
export class CrawlState {
  /** @type {string} */
  startedAt;
  /** @type {string | null} */
  finishedAt;
  products;
  /** The length of the items file that belongs to this state. */
  itemsBytes;
  /** @type {Skipped[]} */
  skipped;
  /** @type {Set<string>} */
  done;
  /** @type {Set<string>} */
  waitingLists = new Set();
  /** @type {Set<string>} */
  waitingProducts = new Set();
  /** @type {Set<string>} */
  inFlight = new Set();

  /** @param {SavedState} saved */
  constructor(saved) {
    this.startedAt = saved.startedAt;
    this.finishedAt = saved.finishedAt;
    this.products = saved.products;
    this.itemsBytes = saved.itemsBytes;
    this.skipped = [...saved.skipped];
    this.done = new Set(saved.done);
    for (const path of saved.pending) this.add(path);
  }

  /** @param {string} path */
  add(path) {
    if (this.done.has(path) || this.inFlight.has(path)) return;
    (isProductPath(path) ? this.waitingProducts : this.waitingLists).add(path);
  }

  /** Lists first, so that the total is known early. */
  take() {
    for (const waiting of [this.waitingLists, this.waitingProducts]) {
      for (const path of waiting) {
        waiting.delete(path);
        this.inFlight.add(path);
        return path;
      }
    }
    return null;
  }

  /** @param {string} path */
  giveBack(path) {
    this.inFlight.delete(path);
    this.add(path);
  }

  /** @param {string} path */
  finish(path) {
    this.inFlight.delete(path);
    this.done.add(path);
  }

  /** @param {string} path @param {string} reason */
  skip(path, reason) {
    this.finish(path);
    this.skipped.push({ path, reason });
  }

  /** Takes the newest skips back: they were the shop's fault, not the pages'. @param {number} count */
  undoSkips(count) {
    for (const { path } of this.skipped.splice(-count, count)) {
      this.done.delete(path);
      this.add(path);
    }
  }

  pendingCount() {
    return this.waitingLists.size + this.waitingProducts.size + this.inFlight.size;
  }

  pageCount() {
    return this.done.size + this.pendingCount();
  }

  /** Products known so far, scraped or not. */
  productCount() {
    const flying = [...this.inFlight].filter(isProductPath).length;
    return this.products + this.skipped.length + this.waitingProducts.size + flying;
  }

  /** @returns {SavedState} */
  toSaved() {
    return {
      version: 1,
      startedAt: this.startedAt,
      finishedAt: this.finishedAt,
      products: this.products,
      itemsBytes: this.itemsBytes,
      skipped: this.skipped,
      done: [...this.done],
      pending: [...this.inFlight, ...this.waitingLists, ...this.waitingProducts],
    };
  }
}

/** @param {string} path */
export function isProductPath(path) {
  return path.startsWith("/p/");
}
