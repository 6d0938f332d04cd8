import process from "node:process";
import { openCheckpoint } from "./plain-node/checkpoint.mjs";
import { crawl } from "./plain-node/crawl.mjs";
import { openItems } from "./plain-node/items.mjs";
import { say, warn } from "./plain-node/log.mjs";
import { writeProgress } from "./plain-node/progress.mjs";
import { readSettings } from "./plain-node/settings.mjs";
import { Trouble } from "./plain-node/trouble.mjs";

const SAVE_EVERY_MS = 1000;
const EXIT_TROUBLE = 1;
const EXIT_BAD_SETTINGS = 2;
const EXIT_SECOND_SIGNAL = 130;

// A reader that goes away (a closed terminal, a restarted dashboard) must not end the crawl.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

await main();

async function main() {
  const settings = readSettings(process.env);
  if (typeof settings === "string") {
    console.error(settings);
    process.exitCode = EXIT_BAD_SETTINGS;
    return;
  }
  try {
    await run(settings, stopOnSignals());
  } catch (error) {
    if (!isExpected(error)) throw error;
    console.error(error.message);
    process.exitCode = EXIT_TROUBLE;
  }
}

/**
 * @param {import("./plain-node/settings.mjs").Settings} settings
 * @param {AbortSignal} stop
 */
async function run(settings, stop) {
  const checkpoint = openCheckpoint(settings.checkpointPath);
  const items = openItems(settings.outFolder, checkpoint);
  const state = checkpoint.state;
  const save = () => {
    // The items first: a checkpoint must never count bytes that are not on the disk yet.
    items.flush();
    checkpoint.save();
    warnOnFailure(() => writeProgress(settings.progressFile, state));
  };
  save();
  say(`${checkpoint.resumed ? "resuming" : "starting"}: ${settings.shopUrl} into ${items.path}`);
  if (checkpoint.resumed) say(`known: ${state.products} products, ${state.pendingCount()} pages to go`);

  const timer = setInterval(() => warnOnFailure(save), SAVE_EVERY_MS);
  try {
    const end = await crawl({ settings, state, stop, saveItem: items.append });
    if (end === "completed") state.finishedAt = new Date().toISOString();
  } finally {
    clearInterval(timer);
    save();
    items.close();
  }
  say(summary(state));
}

/** A disk that is full for a moment must not end hours of work. @param {() => void} act */
function warnOnFailure(act) {
  try {
    act();
  } catch (error) {
    if (!isExpected(error)) throw error;
    warn(`${error.message}; trying again`);
  }
}

/**
 * @param {unknown} error
 * @returns {error is Error} trouble of ours, or the operating system's (no space, no permission)
 */
function isExpected(error) {
  return error instanceof Trouble || (error instanceof Error && "syscall" in error);
}

/** @param {import("./plain-node/state.mjs").CrawlState} state */
function summary(state) {
  if (state.finishedAt) return `completed: ${state.products} products, ${state.skipped.length} skipped`;
  return `stopped: ${state.products} products saved, ${state.pendingCount()} pages to go`;
}

function stopOnSignals() {
  const controller = new AbortController();
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT"])) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT_SECOND_SIGNAL);
      say(`stopping on ${signal}: finishing the pages in flight`);
      controller.abort();
    });
  }
  return controller.signal;
}
