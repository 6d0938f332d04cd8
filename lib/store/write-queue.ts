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
  /** So many share a transaction, if that many wait; fewer when what they do takes longer than this. */
  readonly groupMost: number;
  readonly groupMs: number;
  /** How many may wait in all before one of this urgency is refused, so that there is always room for the more urgent. */
  readonly room: Readonly<Record<Urgency, number>>;
};

/** Clients give up after 20 s: by then each has its answer. */
export const LIMITS: QueueLimits = {
  heldMs: 5_000,
  busyMs: 15_000,
  askAgainMs: 50,
  groupMost: 32,
  groupMs: 5,
  room: { operator: 12_000, run: 10_000, housekeeping: 2_000 },
};

/** Every so often it is the turn of who has waited longest, so that nothing waits for ever behind the more urgent. */
const OLDEST_EVERY = 4;
const LOOK_EVERY_MS = 250;

type Entry = Waiting & {
  readonly askedAt: number;
  readonly work: () => unknown;
  /** In one transaction with others, or in one that it makes itself. */
  readonly way: keyof WriteQueue;
  /** A transaction that it shared has failed: from now on it shares none. */
  byItself: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
};

export type WriteQueue = {
  /** @param attempt makes a transaction of its own */
  alone<Result>(how: Waiting, attempt: () => Promise<Result>): Promise<Result>;
  /** @param work is done inside a transaction that others may be in */
  together<Result>(how: Waiting, work: () => Result): Promise<Result>;
};

/** One transaction for all that `next` answers until it answers null; what became of each. */
type Together = (next: () => (() => unknown) | null) => readonly PromiseSettledResult<unknown>[];

/**
 * One transaction at a time: what SQLite would enforce by failing, done by queueing. The more urgent go first, within an urgency in the
 * order asked for. Those whose turns follow each other share a transaction where they can. What finds the database held by another program
 * is tried again, from its beginning, after the next in line; what shared a transaction that failed is tried again by itself.
 * Not p-queue 10.0.0, which knows priorities but no turn of the oldest, no deadline for what still waits and no room that is kept for the
 * urgent; nor p-retry 9.0.0 around it, which would go to the end of the line each time.
 * @param held.isHeld whether this failure means that another program holds the database
 * @param held.refusal what is thrown when it is held for too long
 */
export function writeQueue(
  held: { isHeld(error: unknown): boolean; refusal(cause: unknown): AppError },
  inOne: Together,
  limits: QueueLimits,
): WriteQueue {
  const lines: Record<Urgency, Entry[]> = { operator: [], run: [], housekeeping: [] };
  let working = false;
  let turns = 0;
  /** The failure that says that the database is held, for as long as it is. */
  let heldBy: { readonly cause: unknown } | null = null;
  let timer: NodeJS.Timeout | null = null;

  const waiting = () => URGENCIES.reduce((sum, urgency) => sum + lines[urgency].length, 0);

  async function workOff(): Promise<void> {
    working = true;
    // What is asked for within one turn of the event loop can share a transaction; and between two, other things have their turn.
    for (await nextTurn(); waiting() > 0; await (heldBy === null ? nextTurn() : wait(limits.askAgainMs))) {
      dropLate();
      const entry = whoseTurn();
      if (entry === null) continue;
      take(entry);
      if (entry.way === "together") group(entry);
      else await single(entry);
    }
    working = false;
    if (timer !== null) clearInterval(timer);
    timer = null;
  }

  /** The first of each line has waited longest in it. */
  function whoseTurn(): Entry | null {
    const first = URGENCIES.flatMap((urgency) => lines[urgency][0] ?? []);
    const [urgent = null] = first;
    if ((turns + 1) % OLDEST_EVERY !== 0) return urgent;
    return first.reduce((a, b) => (a === null || b.askedAt < a.askedAt ? b : a), urgent);
  }

  function take({ urgency }: Entry): void {
    turns += 1;
    lines[urgency].shift();
  }

  async function single(entry: Entry): Promise<void> {
    try {
      const result = await entry.work();
      heldBy = null;
      entry.resolve(result);
    } catch (error) {
      failed([entry], error);
    }
  }

  function group(first: Entry): void {
    const members: Entry[] = [];
    const until = performance.now() + limits.groupMs;
    const next = () => {
      const entry = members.length === 0 ? first : another(members, until);
      if (entry === null) return null;
      members.push(entry);
      return entry.work;
    };
    try {
      const became = inOne(next);
      heldBy = null;
      for (const [at, one] of became.entries())
        if (one.status === "fulfilled") members[at]?.resolve(one.value);
        else members[at]?.reject(one.reason);
    } catch (error) {
      failed(members.length === 0 ? [first] : members, error);
    }
  }

  function another(members: readonly Entry[], until: number): Entry | null {
    if (members[0]?.byItself || members.length >= limits.groupMost || performance.now() > until) return null;
    const entry = whoseTurn();
    if (entry === null || entry.byItself || entry.way === "alone") return null;
    take(entry);
    return entry;
  }

  /** Nothing of any of them was kept. Their time is looked at with all others', before the next turn. */
  function failed(entries: readonly Entry[], error: unknown): void {
    heldBy = held.isHeld(error) ? { cause: error } : null;
    const [only, ...others] = entries;
    if (heldBy === null && others.length === 0) only?.reject(error);
    else
      for (const entry of entries.toReversed()) {
        // One of them may be to blame: by itself each is told what is true of it, and the others are carried out.
        if (heldBy === null) entry.byItself = true;
        lines[entry.urgency].unshift(entry);
      }
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
    return urgency === "operator" && now - askedAt > limits.busyMs ? busy(waiting()) : null;
  }

  function ask<Result>(how: Waiting, way: keyof WriteQueue, work: () => unknown): Promise<Result> {
    if (how.signal?.aborted) return Promise.reject(abandoned());
    const before = waiting();
    if (before >= limits.room[how.urgency]) return Promise.reject(busy(before));
    return new Promise<Result>((resolve, reject) => {
      const answer = (value: unknown) => resolve(value as Result);
      const askedAt = performance.now();
      lines[how.urgency].push({ ...how, askedAt, way, work, byItself: false, resolve: answer, reject });
      // For what waits behind a write that lasts; unref'd, since nothing of ours need be waited for at the end.
      timer ??= setInterval(dropLate, LOOK_EVERY_MS).unref();
      if (!working) void workOff();
    });
  }

  return {
    alone: (how, attempt) => ask(how, "alone", attempt),
    together: (how, work) => ask(how, "together", work),
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
