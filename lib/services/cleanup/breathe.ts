/**
 * Lets the process answer others. The database answers at once, so a loop that only waits for it comes back before any request is looked
 * at, however long the loop.
 */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
