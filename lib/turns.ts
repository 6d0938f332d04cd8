/** Judging what was read holds up the process, so others get their turn in between. */
const SLICE_MS = 5;

/** So many at once: enough to keep the process that reads busy, and few enough to leave it to others in between. */
const AT_ONCE = 16;

/** Does it for each, a slice at a time. @returns the results in the order of the items */
export async function inSlices<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result | Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let began = performance.now();
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
    if (performance.now() - began < SLICE_MS) continue;
    await nextTurn();
    began = performance.now();
  }
  return results;
}

/**
 * Lets the process answer others. The database answers at once, so a loop that only waits for it comes back before any request is looked
 * at, however long the loop.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
