import path from "node:path";

/**
 * @typedef {{
 *   readonly shopUrl: string, readonly storageFolder: string, readonly outFolder: string,
 *   readonly startOver: boolean, readonly concurrency: number, readonly delayMs: number, readonly patienceMs: number,
 * }} Settings
 */

/**
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Settings | string} a sentence per problem
 */
export function readSettings(env) {
  const shopUrl =
    env.SHOP_URL ||
    (env.UNSTUCK_URL ? `${env.UNSTUCK_URL.replace(/\/+$/, "")}/demo/shop` : "http://127.0.0.1:8099");
  const storageFolder = path.resolve(env.CRAWLEE_STORAGE_DIR || env.UNSTUCK_CHECKPOINT || "storage");
  const concurrency = env.SHOP_CONCURRENCY || "4";
  const delayMs = env.SHOP_DELAY_MS || "60";
  const patienceMs = env.SHOP_PATIENCE_MS || "120000";
  const problems = [
    !/^https?:\/\//.test(shopUrl) || !URL.canParse(shopUrl)
      ? `SHOP_URL: expected an address such as http://127.0.0.1:8099, found "${shopUrl}".`
      : "",
    isWhole(concurrency, 1, 64)
      ? ""
      : `SHOP_CONCURRENCY: expected a whole number from 1 to 64, found "${concurrency}".`,
    isWhole(delayMs, 0, 60_000)
      ? ""
      : `SHOP_DELAY_MS: expected a whole number from 0 to 60000, found "${delayMs}".`,
    isWhole(patienceMs, 0, 3_600_000)
      ? ""
      : `SHOP_PATIENCE_MS: expected a whole number from 0 to 3600000, found "${patienceMs}".`,
  ].filter(Boolean);
  if (problems.length > 0) return problems.join("\n");
  return {
    // In its normal form, since paths are what follows it in the addresses Crawlee hands over.
    shopUrl: new URL(shopUrl).href.replace(/\/+$/, ""),
    storageFolder,
    outFolder: path.resolve(env.SHOP_OUT || storageFolder),
    // Crawlee's own rule: the storage is emptied at start unless this says no.
    startOver: !["0", "false", ""].includes(env.CRAWLEE_PURGE_ON_START ?? "1"),
    concurrency: Number(concurrency),
    delayMs: Number(delayMs),
    patienceMs: Number(patienceMs),
  };
}

/**
 * @param {string} written
 * @param {number} low
 * @param {number} high
 */
function isWhole(written, low, high) {
  return /^\d+$/.test(written) && Number(written) >= low && Number(written) <= high;
}
