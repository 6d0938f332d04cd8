import { perRun } from "../files/per-run";
import type { Watched } from "../watch/watched";

/** What the end of a run waits for. It may come while something else is being done. */
const newsOf = perRun((_watched: Watched) => ({ isFresh: false, heard: () => {} }));

/** Its exit record is there, or its launcher has ended: what waits for that looks at once. */
export function tellNews(watched: Watched): void {
  const news = newsOf(watched);
  news.isFresh = true;
  news.heard();
}

/** Resolves after `ms`, or at the first news since the last wait. News may be missed under load, so it only makes things faster. */
export async function waitForNews(watched: Watched, ms: number): Promise<void> {
  const news = newsOf(watched);
  if (!news.isFresh)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      news.heard = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  news.isFresh = false;
}
