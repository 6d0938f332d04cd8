/** Every poll of a page learns that its session is over, and the browser may be sent away only once. */
let leaving = false;

/** Leaves for another page, loaded as a whole: nothing that this one knows is taken along. */
export function leaveFor(address: string): void {
  if (leaving) return;
  holdPlace();
  window.location.assign(address);
}

/**
 * The same once `work` is done, during which nothing else sends the browser anywhere.
 * @param work answers where to
 * @throws what `work` throws; then the page stays
 */
export async function leaveAfter(work: () => Promise<string>): Promise<void> {
  holdPlace();
  try {
    window.location.assign(await work());
  } catch (error) {
    leaving = false;
    throw error;
  }
}

function holdPlace(): void {
  leaving = true;
  // By the Back button a page may come back as it was left, and then it has to be able to leave again.
  window.addEventListener("pageshow", () => (leaving = false), { once: true });
}
