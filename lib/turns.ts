/** How long work may hold the event loop before others get their turn. */
const SLICE_MS = 5;

/** Items begun at once: enough to keep the process that reads busy, and few enough to leave it to others in between. */
const AT_ONCE = 16;

export type Slice = {
  /** Whether the loop has been held for long enough. */
  isOver(): boolean;
  /** Lets others run, and begins the next slice. */
  next(): Promise<void>;
};

/**
 * For a loop that may be long: `if (slice.isOver()) await slice.next()` after each step. Steps within a slice follow each other without
 * a pause.
 */
export function newSlice(): Slice {
  let began = performance.now();
  return {
    isOver: () => performance.now() - began >= SLICE_MS,
    next: async () => {
      await nextTurn();
      began = performance.now();
    },
  };
}

/** Does it for each, a slice at a time. @returns the results in the order of the items */
export async function inSlices<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result | Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const slice = newSlice();
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
    if (slice.isOver()) await slice.next();
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
