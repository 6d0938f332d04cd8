import type { RunFilter } from "@/lib/domain/ports/runs";
import { sql } from "./sql";

/**
 * Ids are in the order in which runs were queued, and begin with the time of that: so the runs of a time are a range of ids. But not where
 * the clock had been set back, since ids never go back. Such runs are off time. SQLite keeps their ids in an index of their own, by this
 * very expression; as a rule it has none in it. Their times stand beside them, so that few rows are read.
 */
export const OFF_TIME_ID = sql`CASE WHEN
    instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 5, 1)) * 2176782336
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 6, 1)) * 60466176
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 7, 1)) * 1679616
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 8, 1)) * 46656
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 9, 1)) * 1296
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 10, 1)) * 36
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 11, 1))
    - 2238976117 <> CAST("queuedAt" AS INTEGER) / 46656
  THEN "id" END`;

/** What it compares: the first seven of the ten digits, so units of 47 s. Small steps of the clock put few runs off time. */
const UNIT_MS = 36 ** 3;
const DIGITS = 7;

/** Above and below all ids of runs. */
export const TOP = "run_~";
export const BOTTOM = "";

/** From `from` on and below `below`: in this range are all runs of a time but those off time, and some of just before and after it. */
export function idsOfTime({ since, until }: Pick<RunFilter, "since" | "until">): {
  readonly from: string;
  readonly below: string;
} {
  return {
    // Ids of times before 1970 are below all others, in no order.
    from: since === null || since < UNIT_MS ? BOTTOM : idsBegin(Math.floor(since / UNIT_MS)),
    below: until === null ? TOP : idsBegin(Math.max(1, Math.ceil(until / UNIT_MS))),
  };
}

function idsBegin(units: number): string {
  return `run_${units.toString(36).padStart(DIGITS, "0")}`;
}
