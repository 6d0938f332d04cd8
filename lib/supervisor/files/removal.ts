import { rm } from "node:fs/promises";

/** While runs end one after the other their folders wait; but the first of them no longer than `LONGEST_MS`. */
const QUIET_MS = 500;
const LONGEST_MS = 5_000;

/**
 * Removes folders that are out of the way already, one after the other, once none has come for a moment: while hundreds of runs end, removing their
 * folders would take a quarter of all that ending them takes. What a dashboard that was killed has not removed, the next one does (`loop/tidy.ts`).
 */
export function laterRemoval(remove: (folder: string) => Promise<void> = removeFolder) {
  let waiting: { readonly folder: string; readonly settle: (removed: Promise<void>) => void }[] = [];
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function begin(): void {
    clearTimeout(timer);
    const batch = waiting;
    waiting = [];
    for (const { folder, settle } of batch) {
      const removed = last.then(() => remove(folder));
      settle(removed);
      last = removed.catch(() => undefined);
    }
  }

  return {
    /** Resolves when the folder is gone. */
    remove(folder: string): Promise<void> {
      const now = performance.now();
      if (waiting.length === 0) since = now;
      clearTimeout(timer);
      timer = setTimeout(begin, Math.min(QUIET_MS, Math.max(0, since + LONGEST_MS - now))).unref();
      return new Promise((resolve) => waiting.push({ folder, settle: resolve }));
    },
    /** Removes what is waiting, at once. */
    async finish(): Promise<void> {
      begin();
      await last;
    },
  };
}

function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
