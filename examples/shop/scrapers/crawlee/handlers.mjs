import { setTimeout as sleep } from "node:timers/promises";

const RETRY_AFTER_MAX_S = 60;
const REFUSALS_MAX = 20;
export const FAULTS_MAX = 3;
export const WITHOUT_END = 1_000_000;

/** @typedef {import("@crawlee/cheerio").CheerioCrawlingContext} Context */
/** @typedef {ReturnType<typeof import("./ledger.mjs").openLedger>} Ledger */

/** The shop answered, but not with a page. */
class Refused extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`the shop answered ${status}`);
    this.status = status;
  }
}

/**
 * @param {{
 *   shopUrl: string, delayMs: number, patienceMs: number,
 *   items: Ledger, skipped: Ledger, inDataset: Set<string>, giveUp: (why: string) => void,
 * }} input
 */
export function createHandlers({ shopUrl, delayMs, patienceMs, items, skipped, inDataset, giveUp }) {
  /** @type {number | null} */
  let awaySince = null;
  return { requestHandler, errorHandler, failedRequestHandler };

  /** @param {Context} context */
  async function requestHandler(context) {
    await sleep(delayMs);
    const { $, enqueueLinks, log, request, response } = context;
    if ((response.statusCode ?? 0) >= 400) throw await refusal(context);
    const path = pathOf(request.url);
    if (isProduct(path)) {
      await saveProduct(context, path);
    } else {
      if ($("footer").length === 0) throw new Error("the page is cut off");
      // All links of all lists: the queue drops those it has seen.
      await enqueueLinks({
        selector: ".categories a, a.next, a.category, a.product",
        strategy: "same-origin",
      });
      log.info(`list ${path}: ${$("a.product").length} products`);
    }
    awaySince = null;
  }

  /** Waits here: a thrown error alone is tried again at once, whatever the shop asked for. @param {Context} context */
  async function refusal({ log, request, response }) {
    const status = response.statusCode ?? 0;
    if (status === 429) {
      const seconds = Math.min(Number(response.headers["retry-after"] ?? 1) || 0, RETRY_AFTER_MAX_S);
      log.warning(`${pathOf(request.url)} answered 429; trying again in ${seconds} s`);
      await sleep(seconds * 1000);
    }
    return new Refused(status);
  }

  /**
   * @param {Context} context
   * @param {string} path
   */
  async function saveProduct({ $, log, pushData, request }, path) {
    const price = $("data.price").attr("value");
    if (price === undefined) return skip(path, "no price, or the page is cut off", log);
    const category = $(".category").last().attr("data-slug");
    const item = {
      sku: $(".sku").text(),
      title: $("h1").text(),
      price: Number(price),
      category,
      url: request.url,
    };
    // A page that was read just before a kill comes again; neither place may hold it twice.
    if (!inDataset.has(item.sku)) {
      inDataset.add(item.sku);
      await pushData(item);
    }
    items.add(item);
    log.info(`products=${items.count()} skipped=${skipped.count()} ${path}`);
  }

  /**
   * @param {Pick<Context, "request" | "log">} context
   * @param {Error} error
   */
  async function errorHandler({ log, request }, error) {
    const path = pathOf(request.url);
    const status = error instanceof Refused ? error.status : 0;
    if (status === 429) {
      // Being asked to wait says nothing about the page, so it does not use up a try.
      request.maxRetries = Math.min(request.retryCount + FAULTS_MAX, REFUSALS_MAX);
      return;
    }
    // The page's own fault: a few tries, then it is skipped. A list is never skipped, nor is a page the shop
    // had no answer for: Crawlee would mark it as handled, and a resumed crawl would never see it again.
    if (isProduct(path) && status > 0 && ![502, 503, 504].includes(status)) {
      await sleep(100 * 2 ** request.retryCount);
      return;
    }
    request.maxRetries = WITHOUT_END;
    awaySince ??= Date.now();
    const reason = error.message.replace(/\s+/g, " ").trim();
    if (Date.now() - awaySince >= patienceMs) return giveUp(`${path}: ${reason}`);
    const waitMs = Math.min(250 * 2 ** request.retryCount, 5000);
    log.warning(`${path} cannot be read (${reason}); trying again in ${waitMs} ms`);
    await sleep(waitMs);
  }

  /**
   * @param {Pick<Context, "request" | "log">} context
   * @param {Error} error
   */
  async function failedRequestHandler({ log, request }, error) {
    skip(pathOf(request.url), error.message, log);
  }

  /** @param {string} path @param {string} reason @param {Context["log"]} log */
  function skip(path, reason, log) {
    skipped.add({ path, reason });
    log.warning(`skipped ${path}: ${reason}`);
  }

  /** @param {string} url */
  function pathOf(url) {
    return url.slice(shopUrl.length) || "/";
  }
}

/** @param {string} path */
function isProduct(path) {
  return path.startsWith("/p/");
}
