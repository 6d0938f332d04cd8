import type { StatusPage, StatusQuery } from "@/lib/contracts/status";
import { type Glance, liveCounts, mostUrgent } from "@/lib/domain/attention";
import type { Job } from "@/lib/domain/job";
import { isActive } from "@/lib/domain/run";
import type { KeptStatus } from "./board";

/** Which of the kept statuses are on a page, and what is said of all of them. */
export type ChosenPage = Omit<StatusPage, "at" | "items"> & {
  /** Their places among the kept ones. */
  readonly places: readonly number[];
};

type Asked = Pick<StatusQuery, "order" | "q" | "cursor"> & { readonly limit: number };

export function chosenPage(
  kept: KeptStatus,
  { limit, order = "id", q = "", cursor = "" }: Asked,
): ChosenPage {
  const { summary, urgent } = summaryOf(kept);
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = [...kept.statuses.keys()].filter((place) => hasWords(kept.statuses[place]?.job, words));
  const total = matching.length;
  if (order === "attention") {
    const wanted = new Set(words.length === 0 ? null : matching);
    const isWanted = (place: number) => words.length === 0 || wanted.has(place);
    return {
      places: byAttention(kept, urgent.filter(isWanted), matching, limit),
      total,
      nextCursor: null,
      summary,
    };
  }
  const after = matching.filter((place) => (kept.statuses[place]?.job.id ?? "") > cursor);
  const places = after.slice(0, limit);
  const last = kept.statuses[places.at(-1) ?? -1]?.job.id ?? null;
  return { places, total, nextCursor: after.length > limit ? last : null, summary };
}

/** Every word must occur in id, title, kind or tags, whatever its case. */
function hasWords(job: Job | undefined, words: readonly string[]): boolean {
  if (job === undefined || words.length === 0) return job !== undefined;
  const text = [job.id, job.title, job.kind, ...job.tags].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

type Summary = { readonly summary: StatusPage["summary"]; readonly urgent: readonly number[] };

const summaries = new WeakMap<KeptStatus, Summary>();

export function summaryOf(kept: KeptStatus): Summary {
  const known = summaries.get(kept) ?? summarize(kept);
  summaries.set(kept, known);
  return known;
}

function summarize({ glances, at }: KeptStatus): Summary {
  const placed = glances.map((glance, place) => ({ ...glance, place }));
  const urgent = mostUrgent(placed, at).map(({ place }) => place);
  const summary = {
    jobs: glances.length,
    active: glances.filter(isGoingOn).length,
    attention: urgent.length,
    counts: liveCounts(glances, at),
  };
  return { summary, urgent };
}

function isGoingOn({ run }: Glance): boolean {
  return run !== null && isActive(run.state);
}

/** Half of the page at most is what is wrong, so that what goes on is seen too. */
function byAttention(
  { glances, statuses }: KeptStatus,
  urgent: readonly number[],
  matching: readonly number[],
  limit: number,
): readonly number[] {
  const chosen = new Set(urgent.slice(0, Math.ceil(limit / 2)));
  const newestOf = (place: number) => statuses[place]?.newest?.run.id ?? "";
  const rest = matching.filter((place) => !chosen.has(place));
  const goesOn = (place: number) => glances[place] !== undefined && isGoingOn(glances[place]);
  for (const group of [rest.filter(goesOn), rest.filter((place) => !goesOn(place))])
    for (const place of largest(group, newestOf, limit - chosen.size)) chosen.add(place);
  return [...chosen];
}

/** The `most` with the largest keys, the largest first, without sorting all of them. */
function largest(
  places: readonly number[],
  keyOf: (place: number) => string,
  most: number,
): readonly number[] {
  if (most <= 0) return [];
  let best: number[] = [];
  let least = "";
  for (const place of places) {
    if (best.length >= most && keyOf(place) <= least) continue;
    best.push(place);
    if (best.length < 2 * most) continue;
    best = sortedDown(best, keyOf).slice(0, most);
    least = keyOf(best.at(-1) ?? -1);
  }
  return sortedDown(best, keyOf).slice(0, most);
}

function sortedDown(places: readonly number[], keyOf: (place: number) => string): number[] {
  return [...places].sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : keyOf(a) > keyOf(b) ? -1 : 0));
}
