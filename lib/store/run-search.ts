import type { RunId } from "@/lib/domain/ids";
import type { RunFilter } from "@/lib/domain/ports/runs";
import { BOTTOM, idsOfTime } from "./off-time";
import { conditionsOf, lower, merged, type Range, stretchesOf } from "./run-stretches";
import { ofTheseJobs, textCondition, withText } from "./run-text-search";
import { type Sql, sql } from "./sql";
import type { Reads } from "./statements";
import { idsDown } from "./walk";

/** Up to `most` ids below one, the newest first: above and below the ids of the time that is asked for only what is off time. */
export async function findIds(db: Reads, filter: RunFilter, below: string, most: number): Promise<RunId[]> {
  const ofTime = idsOfTime(filter);
  const found = await offTime(db, filter, { below, from: ofTime.below }, most);
  if (found.length >= most) return found;
  const range = { ...filter, ...ofTime, below: lower(below, ofTime.below) };
  found.push(...(await inTime(db, filter, range, most - found.length)));
  if (found.length >= most) return found;
  const rest = { below: lower(below, ofTime.from), from: BOTTOM };
  return [...found, ...(await offTime(db, filter, rest, most - found.length))];
}

async function inTime(db: Reads, filter: RunFilter, range: Range, most: number): Promise<RunId[]> {
  if (filter.fingerprint !== null) return alike(db, filter, filter.fingerprint, range, most);
  if (filter.text !== null) return withText(db, filter, filter.text, range, most);
  if (filter.jobs !== undefined && filter.jobId === null)
    return ofTheseJobs(db, filter, filter.jobs, range, most);
  return merged(db, stretchesOf(db, filter), range, most).map(({ id }) => id);
}

async function offTime(
  db: Reads,
  filter: RunFilter,
  { below, from }: Pick<Range, "below" | "from">,
  most: number,
): Promise<RunId[]> {
  const walk = { along: "offTime", from } as const;
  // As a rule there is none, and what has a text need not be looked for.
  if (from >= below || (await idsDown(db, walk, [], below, 1)).length === 0) return [];
  return idsDown(db, walk, await allConditions(db, filter), below, most);
}

/** Those that failed alike are few among all, so the rest is looked for among them. */
async function alike(db: Reads, filter: RunFilter, fingerprint: string, range: Range, most: number) {
  const of = sql`"fingerprint" = ${fingerprint}`;
  const others = await allConditions(db, { ...filter, fingerprint: null });
  return idsDown(db, { along: "fingerprint", of, from: range.from }, others, range.below, most);
}

async function allConditions(db: Reads, filter: RunFilter): Promise<Sql[]> {
  const text = filter.text === null ? [] : [await textCondition(db, filter.text)];
  return [conditionsOf(filter), ...text];
}
