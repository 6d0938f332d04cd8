import type { RunView } from "@/lib/contracts/run";

/**
 * The list the operator has loaded, with what is newly known of its runs; no row comes, goes or moves.
 * @param known runs from other answers; the higher version of a run wins
 */
export function refreshRows(loaded: readonly RunView[], known: readonly RunView[]): readonly RunView[] {
  const newest = new Map(known.map((run) => [run.id, run]));
  return loaded.map((run) => {
    const other = newest.get(run.id);
    return other !== undefined && other.version >= run.version ? other : run;
  });
}

/** How many of `head`, the newest runs the server knows, are not in the list yet. */
export function countArrivals(loaded: readonly RunView[], head: readonly RunView[]): number {
  const shown = new Set(loaded.map(({ id }) => id));
  return head.filter(({ id }) => !shown.has(id)).length;
}
