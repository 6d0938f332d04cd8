/** The clocks' own grain: ticks of 10 ms, file times taken from a coarse clock. */
const GRAIN_MS = 50;

/** Which came first: a process's start, or the last write of a file? */
export type Order = "process_first" | "file_first" | "unknown";

export type ClockWitness = {
  /** Remembers how far the wall clock is ahead of the time since boot; to be called again and again. */
  look(): void;
  /**
   * Process starts are told in time since boot, file times in wall time. A wall clock that was set while we looked makes the
   * difference between the two ambiguous; what holds for every difference seen is certain, the rest unknown.
   * @param startedMs since boot
   * @param writtenAt wall time as the file has it
   */
  order(startedMs: number, writtenAt: number): Order;
  /** A moment since boot as wall time, by the clock as it is set now. */
  wallTime(sinceBootMs: number): number;
};

export function clockWitness(now: () => number, sinceBootMs: () => number): ClockWitness {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let latest = 0;

  function look(): void {
    // Between the two readings the machine may have been busy elsewhere: the tighter pair of a few is the truer one.
    const offset = Math.max(sample(now, sinceBootMs), sample(now, sinceBootMs), sample(now, sinceBootMs));
    latest = offset;
    if (offset < least - GRAIN_MS) least = offset;
    if (offset > most + GRAIN_MS) most = offset;
  }

  return {
    look,
    order(startedMs, writtenAt) {
      look();
      const present = sinceBootMs() + GRAIN_MS;
      const earliest = writtenAt - most;
      const last = Math.min(writtenAt - least, present);
      // From the future by every setting of the clock: its time was set by hand and says nothing.
      if (earliest > present) return "unknown";
      if (startedMs <= earliest + GRAIN_MS) return "process_first";
      return startedMs > last + GRAIN_MS ? "file_first" : "unknown";
    },
    wallTime(ms) {
      look();
      return Math.round(latest + ms);
    },
  };
}

function sample(now: () => number, sinceBootMs: () => number): number {
  const wall = now();
  return wall - sinceBootMs();
}
