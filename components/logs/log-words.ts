import { formatBytes } from "@/lib/client/elapsed";
import { MAX_HITS } from "@/lib/client/logs-search";
import type { LogView } from "@/lib/client/logs-view";
import type { LogSearch } from "./use-log-search";

const COUNT = new Intl.NumberFormat("en");

export function grouped(count: number): string {
  return COUNT.format(count);
}

/** `1,234 lines`, `1 line`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Which part of the file is loaded: a search sees no more than that. */
export function describePart({ buffer, size, keptFrom }: LogView): string {
  const { start, end } = buffer;
  const total = Math.max(size, end);
  if (start <= keptFrom && end >= total)
    return `all ${formatBytes(total - start)}${keptFrom > 0 ? " that are kept" : ""}`;
  const part = formatBytes(end - start);
  if (end >= total) return `the last ${part} of ${formatBytes(total)}`;
  if (start === 0) return `the first ${part} of ${formatBytes(total)}`;
  return `${part} from ${formatBytes(start)} on, of ${formatBytes(total)}`;
}

type Searched = Pick<LogSearch, "query" | "hits" | "done" | "index">;

/** What a search has found and where it has looked: `no match in the last 262 kB of 1.1 GB`. Empty without a search. */
export function searchWords({ query, hits, done, index }: Searched, view: LogView): string {
  if (query === "") return "";
  const where = describePart(view);
  const more = hits.length >= MAX_HITS ? "+" : done ? "" : "…";
  if (hits.length === 0) return done ? `no match in ${where}` : `searching ${where}…`;
  const found = `${grouped(hits.length)}${more} ${hits.length === 1 && more === "" ? "match" : "matches"}`;
  return index === -1 ? `${found} in ${where}` : `${grouped(index + 1)} of ${found} in ${where}`;
}

/** What a person who cannot see the log is told, in a few words and only when it changes. */
export function describeState(view: LogView, active: boolean, following: boolean): string {
  if (view.failure !== null) return "The log could not be read";
  if (!active) return view.complete ? "Run over, log complete" : "Run over";
  return following ? "Following live" : "Not following";
}
