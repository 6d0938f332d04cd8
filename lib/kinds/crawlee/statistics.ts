import { join } from "node:path";
import type { Files, Look } from "@/lib/domain/files";
import type { ProgressReport } from "@/lib/domain/progress";
import { isRecord, jsonOf } from "../parse";

export type Statistics = { readonly finished: number; readonly failed: number };

const MAX_KEYS = 500;
const MAX_BYTES = 1024 * 1024;
/** Crawlee 3, and Crawlee 4. */
const NAME = /^(?:SDK_CRAWLER_STATISTICS|CRAWLEE_CRAWLER_STATISTICS)_[\w-]{1,80}\.json$/;
/** Crawlee names a dataset's items by nine digits, from 000000001. */
const MAX_ITEMS = 999_999_999;
const ASKED_AT_ONCE = 32;
const POWERS: number[] = Array.from({ length: 30 }, (_, power) => 2 ** power);

/** The figures Crawlee saves every minute and at its end, of all crawlers that share the storage; null: there are none. */
export async function readStatistics(files: Files, storage: string): Promise<Statistics | null> {
  const folder = join(storage, "key_value_stores", "default");
  const { names } = await files.names(folder, MAX_KEYS);
  const paths = names.filter((name) => NAME.test(name)).map((name) => join(folder, name));
  const all = (await files.looks(paths, MAX_BYTES)).map(readOne).filter((one) => one !== null);
  if (all.length === 0) return null;
  const sum = (key: keyof Statistics) => all.reduce((total, one) => total + one[key], 0);
  return { finished: sum("finished"), failed: sum("failed") };
}

function readOne(file: Look | null): Statistics | null {
  const value = jsonOf(file?.bytes);
  if (!isRecord(value)) return null;
  const { requestsFinished, requestsFailed } = value;
  return isCount(requestsFinished) && isCount(requestsFailed)
    ? { finished: requestsFinished, failed: requestsFailed }
    : null;
}

/** How many items the default dataset has, by asking for file names: some have a million, and listing those takes seconds. */
export async function countItems(files: Files, storage: string): Promise<number> {
  const named = (item: number) =>
    join(storage, "datasets", "default", `${String(item).padStart(9, "0")}.json`);
  let low = 0;
  let high = MAX_ITEMS + 1;
  let asked = POWERS;
  while (asked.length > 0) {
    const there = await files.looks(asked.map(named));
    const missing = there.indexOf(null);
    if (missing >= 0) high = asked[missing] ?? high;
    low = asked[(missing === -1 ? there.length : missing) - 1] ?? low;
    asked = between(low, high);
  }
  return low;
}

/** Evenly, so many that three or four questions find one item among a million. */
function between(low: number, high: number): number[] {
  const step = Math.max(1, Math.ceil((high - low) / ASKED_AT_ONCE));
  return Array.from({ length: ASKED_AT_ONCE }, (_, index) => low + step * (index + 1)).filter(
    (item) => item < high,
  );
}

/** null when nothing has been saved yet. */
export async function crawleeProgress(files: Files, storage: string): Promise<ProgressReport | null> {
  const statistics = await readStatistics(files, storage);
  const items = await countItems(files, storage);
  if (statistics === null) return items === 0 ? null : { extracted: items };
  const { finished, failed } = statistics;
  const message = `${finished.toLocaleString("en")} requests finished, ${failed.toLocaleString("en")} failed`;
  return { extracted: items > 0 ? items : finished, skipped: failed, message };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
