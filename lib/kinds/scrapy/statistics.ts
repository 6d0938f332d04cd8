import type { ScrapyLog } from "./log";

type Stats = ReadonlyMap<string, number>;

/**
 * Scrapy calls a crawl `finished` when no request is left, also when none was ever made, none was answered, or nothing could be done with any
 * answer. Its statistics tell; checked with Scrapy 2.8.0.
 * @returns one sentence with the evidence; null: something came of it, or the statistics do not say
 */
export function whyNothingCameOfIt({
  stats,
  startFailed,
}: Pick<ScrapyLog, "stats" | "startFailed">): string | null {
  if (startFailed) return "Its start requests raised an error, so those after it were never made.";
  if (stats.size === 0) return null;
  const requests = count(stats, "downloader/request_count");
  if (requests === 0) {
    // Nothing to do is no error: a JOBDIR that is complete, a list that is empty today.
    return count(stats, "log_count/ERROR") > 0 ? "It logged an error before it made any request." : null;
  }
  if (count(stats, "downloader/response_count") === 0) return "None of its requests got an answer.";
  if (count(stats, "item_scraped_count") > 0) return null;
  const pages = count(stats, "response_received_count") - count(stats, "robotstxt/response_count");
  const forbidden = count(stats, "robotstxt/forbidden");
  if (pages <= 0)
    return forbidden > 0 ? `robots.txt forbade all ${grouped(forbidden)} of its requests.` : null;
  const ignored = count(stats, "httperror/response_ignored_count");
  if (ignored >= pages)
    return `Every page was answered with an error (${perName(stats, "httperror/response_ignored_status_count/")}).`;
  const raised = sumOf(stats, "spider_exceptions/");
  return raised >= pages - ignored
    ? `Every callback raised an error (${perName(stats, "spider_exceptions/")}).`
    : null;
}

/** Sentences on what went wrong in a crawl that got somewhere all the same. */
export function whatWentWrong(stats: Stats): string[] {
  const raised = sumOf(stats, "spider_exceptions/");
  const ignored = count(stats, "httperror/response_ignored_count");
  const nothingAsked = stats.size > 0 && count(stats, "downloader/request_count") === 0;
  return [
    ...(nothingAsked ? ["It made no request."] : []),
    ...(raised > 0 ? [`Callbacks raised errors (${perName(stats, "spider_exceptions/")}).`] : []),
    ...(ignored > 0
      ? [`Pages were answered with an error (${perName(stats, "httperror/response_ignored_status_count/")}).`]
      : []),
  ];
}

/** Requests that cannot be written to a JOBDIR stay in memory and end with the process. */
export function unserializable(stats: Stats): number {
  return count(stats, "scheduler/unserializable");
}

export function lostOnResume(stats: Stats): string[] {
  const lost = unserializable(stats);
  if (lost === 0) return [];
  return [
    `${grouped(lost)} of its requests could not be written to a JOBDIR (scheduler/unserializable): a resume does not have those that were left.`,
  ];
}

function count(stats: Stats, name: string): number {
  return stats.get(name) ?? 0;
}

function sumOf(stats: Stats, prefix: string): number {
  return under(stats, prefix).reduce((sum, [, value]) => sum + value, 0);
}

/** `500: 3, 404: 1`, the most frequent first, at most three. */
function perName(stats: Stats, prefix: string): string {
  const all = under(stats, prefix).sort(([, a], [, b]) => b - a);
  const shown = all.slice(0, 3).map(([name, value]) => `${name}: ${grouped(value)}`);
  return [...shown, ...(all.length > 3 ? ["…"] : [])].join(", ");
}

/** Newer versions of Scrapy count all of them once more, as `count`. */
function under(stats: Stats, prefix: string): [string, number][] {
  return [...stats].flatMap(([name, value]) => {
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : "count";
    return rest === "count" ? [] : [[rest, value] satisfies [string, number]];
  });
}

const grouped = (value: number) => value.toLocaleString("en");
