const WITHIN_MS = 60_000;
/** Of one who asks for ever new things. */
const MOST_OF_ONE = 20;
const MOST_KEPT = 1_000;

type Kept = { readonly since: number; readonly asked: Set<string> };

/** `last`: more that is refused within the minute has no row. */
export type WorthARow = "yes" | "last" | "no";

/**
 * Which refusals get a row in the audit: of one who asks again and again for what is refused it is not to be filled. Within a minute the same is
 * written once, and so much at most.
 * @param now epoch milliseconds
 */
export function rowsOfRefusals(now: () => number): (who: string, what: string) => WorthARow {
  const kept = new Map<string, Kept>();
  return (who, what) => {
    const at = now();
    const before = kept.get(who);
    const isCurrent = before !== undefined && Math.abs(at - before.since) < WITHIN_MS;
    if (!isCurrent && kept.size >= MOST_KEPT) kept.clear();
    const { since, asked } = isCurrent ? before : { since: at, asked: new Set<string>() };
    if (asked.has(what) || asked.size >= MOST_OF_ONE) return "no";
    asked.add(what);
    kept.set(who, { since, asked });
    return asked.size === MOST_OF_ONE ? "last" : "yes";
  };
}
