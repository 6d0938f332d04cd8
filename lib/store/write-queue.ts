import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import { AppError } from "@/lib/domain/errors";

/** Who waits for it, the most urgent first: a person or a program that asked, a run's own state, and everything else. */
export const URGENCIES = ["operator", "run", "housekeeping"] as const;
export type Urgency = (typeof URGENCIES)[number];

export type Waiting = {
  readonly urgency: Urgency;
  /** Aborted: it is not wanted any more. While it still waits it is dropped then, and written nowhere. */
  readonly signal?: AbortSignal | undefined;
};

export type QueueLimits = {
  /** From the moment of asking, while another program holds the database. */
  readonly heldMs: number;
  /** The same for an operator's, while only others of ours are before it; the rest has time and waits. */
  readonly busyMs: number;
  readonly askAgainMs: number;
  /** How many may wait in all before one of this urgency is refused, so that there is always room for the more urgent. */
  readonly room: Readonly<Record<Urgency, number>>;
};

/** Clients give up after 20 s: by then each has its answer. */
const LIMITS: QueueLimits = {
  heldMs: 5_000,
  busyMs: 15_000,
  askAgainMs: 50,
  room: { operator: 12_000, run: 10_000, housekeeping: 2_000 },
};

/** Every so often it is the turn of who has waited longest, so that nothing waits for ever behind the more urgent. */
const OLDEST_EVERY = 4;
const LOOK_EVERY_MS = 250;

type Entry = Waiting & {
  readonly askedAt: number;
  attempt(): Promise<void>;
  reject(error: unknown): void;
};

export type WriteQueue = <Result>(how: Waiting, attempt: () => Promise<Result>) => Promise<Result>;

/**
 * One write at a time: what SQLite would enforce by failing, done by queueing. The more urgent go first, within an urgency in the order
 * asked for. A write that finds the database held by another program is tried again, from its beginning, after the next in line.
 * Not p-queue 10.0.0, which knows priorities but no turn of the oldest, no deadline for what still waits and no room that is kept for the
 * urgent; nor p-retry 9.0.0 around it, which would go to the end of the line each time.
 * @param held.isHeld whether this failure means that another program holds the database
 * @param held.refusal what is thrown when it is held for too long
 */
export function writeQueue(
  held: { isHeld(error: unknown): boolean; refusal(cause: unknown): AppError },
  limits: QueueLimits = LIMITS,
): WriteQueue {
  const lines: Record<Urgency, Entry[]> = { operator: [], run: [], housekeeping: [] };
  let working = false;
  let turns = 0;
  /** The failure that says that the database is held, for as long as it is. */
  let heldBy: { readonly cause: unknown } | null = null;
  let timer: NodeJS.Timeout | null = null;

  const waiting = () => URGENCIES.flatMap((urgency) => lines[urgency]);

  async function work(): Promise<void> {
    working = true;
    for (let entry = next(); entry !== null; entry = next()) {
      await entry.attempt();
      // Writes are answered within one turn of the event loop: without this, a long line would leave none to anything else.
      await nextTurn();
      if (heldBy !== null) await wait(limits.askAgainMs);
    }
    working = false;
    if (timer !== null) clearInterval(timer);
    timer = null;
  }

  function next(): Entry | null {
    dropLate();
    turns += 1;
    const all = waiting();
    const oldest = all.reduce<Entry | null>((a, b) => (a === null || b.askedAt < a.askedAt ? b : a), null);
    const entry = turns % OLDEST_EVERY === 0 ? oldest : (all[0] ?? null);
    if (entry !== null) lines[entry.urgency].splice(lines[entry.urgency].indexOf(entry), 1);
    return entry;
  }

  /** Those that are not wanted any more, and those whose time is up. */
  function dropLate(): void {
    const now = performance.now();
    for (const urgency of URGENCIES)
      lines[urgency] = lines[urgency].filter((entry) => {
        const refusal = refusalOf(entry, now);
        if (refusal !== null) entry.reject(refusal);
        return refusal === null;
      });
  }

  function refusalOf({ signal, askedAt, urgency }: Entry, now: number): AppError | null {
    if (signal?.aborted) return abandoned();
    if (heldBy !== null && now - askedAt > limits.heldMs) return held.refusal(heldBy.cause);
    return urgency === "operator" && now - askedAt > limits.busyMs ? busy(waiting().length) : null;
  }

  return (how, attempt) => {
    if (how.signal?.aborted) return Promise.reject(abandoned());
    const before = waiting().length;
    if (before >= limits.room[how.urgency]) return Promise.reject(busy(before));
    return new Promise((resolve, reject) => {
      const entry: Entry = {
        ...how,
        askedAt: performance.now(),
        reject,
        attempt: async () => {
          try {
            const result = await attempt();
            heldBy = null;
            resolve(result);
          } catch (error) {
            heldBy = held.isHeld(error) ? { cause: error } : null;
            // Its time is looked at with all others', before the next turn.
            if (heldBy !== null) lines[how.urgency].unshift(entry);
            else reject(error);
          }
        },
      };
      lines[how.urgency].push(entry);
      // For what waits behind a write that lasts; unref'd, since nothing of ours need be waited for at the end.
      timer ??= setInterval(dropLate, LOOK_EVERY_MS).unref();
      if (!working) void work();
    });
  };
}

function abandoned(): AppError {
  return new AppError(
    "REQUEST_ABANDONED",
    "The client closed its connection while the request waited for the database. It was dropped, and nothing was changed.",
  );
}

function busy(waiting: number): AppError {
  const message = `The database is busy: ${waiting} changes wait for their turn. Nothing was changed. Try again in a moment.`;
  return new AppError("DATABASE_BUSY", message, { waiting });
}
