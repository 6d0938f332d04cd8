/** One process of a run at one look. Ticks. */
export type Reading = {
  readonly pid: number;
  readonly startTicks: number;
  readonly own: number;
  /** Of children it has waited for. */
  readonly children: number;
};

/**
 * The processor time of a run's tree, kept from look to look. At any moment it is what its living processes have used and what
 * they have inherited from children they waited for. Who ends without a parent in the tree waiting for it (a daemon) takes its
 * time out of that sum; what was last seen of it is kept in `lost`. So the total never falls and counts nothing twice; what
 * such a process used after the last look, or all of one that was never seen, is not known and not counted.
 */
export type Book = {
  readonly total: number;
  readonly lost: number;
  readonly readings: ReadonlyMap<number, Reading>;
};

/** @param known ticks an earlier dashboard had counted already */
export function openBook(known: number): Book {
  return { total: known, lost: 0, readings: new Map() };
}

export function nextBook(book: Book, now: readonly Reading[]): Book {
  const readings = new Map(now.map((reading) => [reading.pid, reading]));
  let gone = 0;
  for (const { pid, startTicks, own, children } of book.readings.values())
    if (readings.get(pid)?.startTicks !== startTicks) gone += own + children;
  let living = 0;
  let inherited = 0;
  for (const reading of now) {
    const before = book.readings.get(reading.pid);
    const same = before?.startTicks === reading.startTicks ? before : null;
    living += reading.own + reading.children;
    inherited += reading.children - (same?.children ?? 0);
  }
  // What the living inherited since is in their sum already; only the rest of those who are gone is missing from it.
  const lost = book.lost + Math.max(0, gone - inherited);
  // Before the first look of this dashboard only the total was known.
  const missing = book.readings.size === 0 ? Math.max(0, book.total - lost - living) : 0;
  return { total: Math.max(book.total, lost + missing + living), lost: lost + missing, readings };
}
