import { writeAtomically } from "./atomic-write.mjs";

/**
 * @param {string | null} path null: not wanted
 * @param {import("./state.mjs").CrawlState} state
 */
export function writeProgress(path, state) {
  if (path === null) return;
  const progress = {
    extracted: state.products,
    skipped: state.skipped.length,
    total: state.productCount(),
    message: `page ${state.done.size} of ${state.pageCount()}`,
  };
  writeAtomically(path, `${JSON.stringify(progress)}\n`, { durable: false });
}
