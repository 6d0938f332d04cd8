import path from "node:path";
import process from "node:process";
import { createHandlers, FAULTS_MAX, WITHOUT_END } from "./handlers.mjs";
import { openLedger } from "./ledger.mjs";
import { readSettings } from "./settings.mjs";

const EXIT_TROUBLE = 1;
const EXIT_BAD_SETTINGS = 2;

await main();

async function main() {
  const settings = readSettings(process.env);
  if (typeof settings === "string") return end(settings, EXIT_BAD_SETTINGS);
  // Before the import: Crawlee reads these when it is loaded.
  process.env.CRAWLEE_STORAGE_DIR = settings.storageFolder;
  if (!process.stdout.isTTY) process.env.FORCE_COLOR ??= "0";
  const crawlee = await importCrawlee();
  if (!crawlee) return end("@crawlee/cheerio is not installed. Run npm install first.", EXIT_BAD_SETTINGS);

  const ledger = (/** @type {string} */ name, /** @type {string} */ key) =>
    openLedger(path.join(settings.outFolder, name), { key, startOver: settings.startOver });
  const items = ledger("items.jsonl", "sku");
  const skipped = ledger("skipped.jsonl", "path");
  const { queue, gaveUp } = await crawl(crawlee, settings, { items, skipped });

  if (gaveUp) return end(`The shop at ${settings.shopUrl} could not be read: ${gaveUp}.`, EXIT_TROUBLE);
  const pending = (await queue.getInfo())?.pendingRequestCount ?? 0;
  if (await queue.isFinished())
    console.log(`completed: ${items.count()} products, ${skipped.count()} skipped`);
  else console.log(`stopped: ${items.count()} products saved, ${pending} pages to go`);
}

/**
 * @param {typeof import("@crawlee/cheerio")} crawlee
 * @param {import("./settings.mjs").Settings} settings
 * @param {{ items: ReturnType<typeof openLedger>, skipped: ReturnType<typeof openLedger> }} ledgers
 */
async function crawl(crawlee, settings, ledgers) {
  const config = crawlee.Configuration.getGlobalConfig();
  // Before the first storage is opened; a purge afterwards would empty what is already in use.
  if (settings.startOver) await crawlee.purgeDefaultStorages({ onlyPurgeOnce: true, config });
  // The first kind of queue: the second locks pages, and a resumed crawl would wait minutes for the locks of the
  // one before it.
  const queue = await crawlee.RequestQueueV1.open();
  /** @type {string | null} */
  let gaveUp = null;
  const crawler = new crawlee.CheerioCrawler({
    requestQueue: queue,
    experiments: { requestLocking: false },
    minConcurrency: settings.concurrency,
    maxConcurrency: settings.concurrency,
    maxRequestRetries: FAULTS_MAX - 1,
    // A refused connection counts as one, and the shop may be away for longer than ten of them.
    maxSessionRotations: WITHOUT_END,
    // The session pool answers a 429 with a new identity; we wait as long as the shop asks instead.
    useSessionPool: false,
    ignoreHttpErrorStatusCodes: [429, 500, 502, 503, 504],
    ...createHandlers({
      ...settings,
      ...ledgers,
      inDataset: await skusIn(await crawlee.Dataset.open()),
      giveUp: (why) => {
        gaveUp ??= why;
        crawler.stop(`The shop cannot be read: ${why}.`);
      },
    }),
  });
  await crawler.run([settings.shopUrl]);
  return { queue, gaveUp };
}

/** @param {import("@crawlee/cheerio").Dataset} dataset */
async function skusIn(dataset) {
  /** @type {Set<string>} */
  const skus = new Set();
  await dataset.forEach(async (item) => {
    skus.add(String(item.sku));
  });
  return skus;
}

async function importCrawlee() {
  try {
    return await import("@crawlee/cheerio");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return null;
    throw error;
  }
}

/**
 * @param {string} sentence
 * @param {number} exitCode
 */
function end(sentence, exitCode) {
  console.error(sentence);
  process.exitCode = exitCode;
}
