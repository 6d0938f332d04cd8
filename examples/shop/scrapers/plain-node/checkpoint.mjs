import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeAtomically } from "./atomic-write.mjs";
import { CrawlState } from "./state.mjs";
import { Trouble } from "./trouble.mjs";

const HOME = "/";

/**
 * @typedef {{ state: CrawlState, resumed: boolean, previousEnd: string | null, save: () => void }} Checkpoint
 *   `previousEnd`: when the crawl before this one was completed
 */

/**
 * @param {string} path
 * @returns {Checkpoint} a crawl that is done gives a new one
 */
export function openCheckpoint(path) {
  const saved = readSaved(path);
  const resumed = saved !== null && saved.finishedAt === null;
  const state = new CrawlState(resumed ? saved : fresh());
  return {
    state,
    resumed,
    previousEnd: resumed ? null : (saved?.finishedAt ?? null),
    save: () => {
      mkdirSync(dirname(path), { recursive: true });
      writeAtomically(path, `${JSON.stringify(state.toSaved())}\n`, { durable: true });
    },
  };
}

/** @returns {import("./state.mjs").SavedState} */
function fresh() {
  const startedAt = new Date().toISOString();
  return {
    version: 1,
    startedAt,
    finishedAt: null,
    products: 0,
    itemsBytes: 0,
    skipped: [],
    done: [],
    pending: [HOME],
  };
}

/**
 * @param {string} path
 * @returns {import("./state.mjs").SavedState | null}
 */
function readSaved(path) {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw new Trouble(`The checkpoint ${path} cannot be read: ${/** @type {Error} */ (error).message}.`);
  }
  const saved = parse(text);
  // Never started over silently: that would throw hours of work away.
  if (!saved)
    throw new Trouble(
      `The checkpoint ${path} is not one of this program. Move it away to start a new crawl.`,
    );
  return saved;
}

/**
 * @param {string} text
 * @returns {import("./state.mjs").SavedState | null}
 */
function parse(text) {
  try {
    const saved = JSON.parse(text);
    const lists = [saved.skipped, saved.done, saved.pending];
    const sound =
      saved.version === 1 && Number.isInteger(saved.itemsBytes) && Number.isInteger(saved.products);
    return sound && lists.every(Array.isArray) ? saved : null;
  } catch {
    return null;
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
