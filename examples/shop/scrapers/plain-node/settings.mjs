import path from "node:path";

/**
 * @typedef {{
 *   readonly shopUrl: string,
 *   readonly checkpointPath: string,
 *   readonly outFolder: string,
 *   readonly concurrency: number,
 *   readonly delayMs: number,
 *   readonly limit: number,
 *   readonly patienceMs: number,
 *   readonly progressFile: string | null,
 * }} Settings `shopUrl` has no slash at its end; without a limit `limit` is Infinity
 */

/**
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Settings | string} all problems as one sentence each
 */
export function readSettings(env) {
  /** @type {string[]} */
  const problems = [];
  const whole = (
    /** @type {string} */ name,
    /** @type {number} */ fallback,
    /** @type {number[]} */ [low = 0, high = 0],
  ) => {
    const written = env[name];
    if (written === undefined || written === "") return fallback;
    const value = Number(written);
    if (/^\d+$/.test(written) && value >= low && value <= high) return value;
    problems.push(`${name}: expected a whole number from ${low} to ${high}, found "${written}".`);
    return fallback;
  };
  const shop = shopUrlFrom(env);
  if (!isHttpUrl(shop.url)) {
    problems.push(`${shop.name}: expected an address such as http://127.0.0.1:8099, found "${shop.url}".`);
  }
  const checkpointPath = path.resolve(
    env.SHOP_CHECKPOINT || env.UNSTUCK_CHECKPOINT || "shop-checkpoint.json",
  );
  const settings = {
    shopUrl: withoutSlash(shop.url),
    checkpointPath,
    outFolder: path.resolve(env.SHOP_OUT || path.dirname(checkpointPath)),
    concurrency: whole("SHOP_CONCURRENCY", 4, [1, 64]),
    delayMs: whole("SHOP_DELAY_MS", 60, [0, 60_000]),
    limit: whole("SHOP_LIMIT", Number.POSITIVE_INFINITY, [1, 1_000_000]),
    patienceMs: whole("SHOP_PATIENCE_MS", 120_000, [0, 3_600_000]),
    progressFile: env.UNSTUCK_PROGRESS_FILE || null,
  };
  return problems.length > 0 ? problems.join("\n") : settings;
}

/** @param {Readonly<Record<string, string | undefined>>} env */
function shopUrlFrom(env) {
  if (env.SHOP_URL) return { name: "SHOP_URL", url: env.SHOP_URL };
  if (env.UNSTUCK_URL)
    return { name: "UNSTUCK_URL", url: `${env.UNSTUCK_URL.replace(/\/+$/, "")}/demo/shop` };
  return { name: "SHOP_URL", url: "http://127.0.0.1:8099" };
}

/** @param {string} text */
function isHttpUrl(text) {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash } = new URL(text);
  return ["http:", "https:"].includes(protocol) && search === "" && hash === "";
}

/** @param {string} url in its normal form, so that links found in pages can be compared with it */
function withoutSlash(url) {
  return (URL.canParse(url) ? new URL(url).href : url).replace(/\/+$/, "");
}
