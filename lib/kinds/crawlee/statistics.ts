import { join } from "node:path";
import type { ProgressReport } from "@/lib/domain/progress";
import { entryAt, isRecord, namesIn, parseJson, readStart } from "../bounded";

export type Statistics = { readonly finished: number; readonly failed: number };

const MAX_KEYS = 500;
const MAX_BYTES = 1024 * 1024;
/** Crawlee 3, and Crawlee 4. */
const NAME = /^(?:SDK_CRAWLER_STATISTICS|CRAWLEE_CRAWLER_STATISTICS)_[\w-]{1,80}\.json$/;
/** Crawlee names a dataset's items by nine digits, from 000000001. */
const MAX_ITEMS = 999_999_999;

/** The figures Crawlee saves every minute and at its end, of all crawlers that share the storage; null: there are none. */
export function readStatistics(storage: string): Statistics | null {
  const folder = join(storage, "key_value_stores", "default");
  const all = namesIn(folder, MAX_KEYS)
    .names.filter((name) => NAME.test(name))
    .map((name) => readOne(join(folder, name)))
    .filter((one) => one !== null);
  if (all.length === 0) return null;
  const sum = (key: keyof Statistics) => all.reduce((total, one) => total + one[key], 0);
  return { finished: sum("finished"), failed: sum("failed") };
}

function readOne(path: string): Statistics | null {
  const file = readStart(path, MAX_BYTES);
  const value = file === null ? null : parseJson(file.bytes.toString("utf8"));
  if (!isRecord(value)) return null;
  const { requestsFinished, requestsFailed } = value;
  return isCount(requestsFinished) && isCount(requestsFailed)
    ? { finished: requestsFinished, failed: requestsFailed }
    : null;
}

/** How many items the default dataset has, by asking for file names: some have a million, and listing those takes seconds. */
export function countItems(storage: string): number {
  const has = (item: number) =>
    entryAt(join(storage, "datasets", "default", `${String(item).padStart(9, "0")}.json`)) !== null;
  let low = 0;
  let high = 1;
  while (high <= MAX_ITEMS && has(high)) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (has(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** null when nothing has been saved yet. */
export function crawleeProgress(storage: string): ProgressReport | null {
  const statistics = readStatistics(storage);
  const items = countItems(storage);
  if (statistics === null) return items === 0 ? null : { extracted: items };
  const { finished, failed } = statistics;
  const message = `${finished.toLocaleString("en")} requests finished, ${failed.toLocaleString("en")} failed`;
  return { extracted: items > 0 ? items : finished, skipped: failed, message };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
