import { expect, it } from "vitest";
import { LineBuffer } from "@/lib/client/logs-buffer";
import { openingView } from "@/lib/client/logs-view";
import { searchWords } from "./log-words";

const GB = 1_100_000_000;

/** A log of so many bytes of which the last `loaded` are on the page. */
function view(size: number, loaded: number) {
  const buffer = new LineBuffer(size - loaded);
  Object.defineProperty(buffer, "end", { value: size });
  return { ...openingView(size), phase: "ready" as const, buffer };
}
const hit = { key: 1, at: 1, from: 0, to: 1 };
const found = (count: number, index = -1, done = true) => ({
  query: "x",
  hits: Array.from({ length: count }, () => hit),
  done,
  index,
});

it.each([
  [found(0), GB, 262_000, "no match in the last 262 kB of 1.1 GB"],
  [found(1), GB, 262_000, "1 match in the last 262 kB of 1.1 GB"],
  [found(12, 2), GB, 262_000, "3 of 12 matches in the last 262 kB of 1.1 GB"],
  [found(0, -1, false), GB, 262_000, "searching the last 262 kB of 1.1 GB…"],
  [found(0), 5_000, 5_000, "no match in all 5.0 kB"],
  [{ ...found(0), query: "" }, GB, 262_000, ""],
])("UX-A6 a search says what it has looked at: %#", (search, size, loaded, words) => {
  expect(searchWords(search, view(size, loaded))).toBe(words);
});
