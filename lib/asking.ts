import type { Asking, Identity } from "./domain/access";
import { slot } from "./slot.mjs";

/**
 * Who asks goes with the request, not through every call: the server in front says it once, for the API and for the pages of Next, and what is
 * written down carries it (docs/decisions/0053-who-asks.md). null: no one does, it is the process itself.
 */
export function asking(): Asking | null {
  return slot().asking.getStore() ?? null;
}

export function whoAsks(): Identity | null {
  return asking()?.who ?? null;
}

/** For what is answered past the server in front: tests. */
export function askedBy<Result>(by: Asking, work: () => Result): Result {
  return slot().asking.run(by, work);
}
