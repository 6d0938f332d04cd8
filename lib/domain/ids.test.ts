import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JOB_ID_PATTERN, makeRunId, parseJobId, parseRunId, RESERVED_JOB_IDS, RUN_ID_PATTERN } from "./ids";

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.stringMatching(/^[a-z0-9._-]{0,70}$/),
  fc.stringMatching(/^run_[0-9a-z]{18,22}$/),
  fc.constantFrom(
    "..",
    "../x",
    "a/../b",
    "a/b",
    "",
    ".",
    "-a",
    "A",
    "a\n",
    "\na",
    "a\0",
    "run_",
    ...RESERVED_JOB_IDS,
  ),
);

test("parseJobId accepts exactly the pattern, without the reserved names", () => {
  fc.assert(
    fc.property(text, (candidate) => {
      const reserved = (RESERVED_JOB_IDS as readonly string[]).includes(candidate);
      const expected = JOB_ID_PATTERN.test(candidate) && !reserved ? candidate : null;
      expect(parseJobId(candidate)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test("parseRunId accepts exactly the pattern", () => {
  fc.assert(
    fc.property(text, (candidate) => {
      expect(parseRunId(candidate)).toBe(RUN_ID_PATTERN.test(candidate) ? candidate : null);
    }),
    { numRuns: 500 },
  );
});

test("no accepted id leaves its folder, hides in it, or is another id on a disk that ignores case", () => {
  fc.assert(
    fc.property(text, (candidate) => {
      for (const id of [parseJobId(candidate), parseRunId(candidate)]) {
        if (id === null) continue;
        expect(resolve("/data", id)).toBe(`/data/${id}`);
        expect(id).toBe(id.toLowerCase());
        expect(id.startsWith(".")).toBe(false);
        expect(id.length).toBeLessThanOrEqual(63);
      }
    }),
    { numRuns: 500 },
  );
});

describe("a job id", () => {
  const BAD = [
    "",
    ".",
    "..",
    "../x",
    "/etc",
    "a/b",
    "a\\b",
    "A",
    "ä",
    "🕷",
    "a b",
    "-a",
    "_a",
    ".a",
    "a\n",
    "a\0",
    "a%2f",
  ];
  for (const bad of [...BAD, "a".repeat(64)])
    test(`is not ${JSON.stringify(bad)}`, () => expect(parseJobId(bad)).toBeNull());
  for (const reserved of RESERVED_JOB_IDS)
    test(`is not the data folder's own "${reserved}"`, () => expect(parseJobId(reserved)).toBeNull());
  for (const good of ["a", "0", "shop-de", "shop.de", "shop_de", "run", "exits2", "a".repeat(63)])
    test(`may be "${good}"`, () => expect(parseJobId(good)).toBe(good));
});

test("run ids sort by the time they were made, from 1970 to beyond the year 5000", () => {
  const entropy = fc.stringMatching(/^[0-9a-z]{10}$/);
  const time = fc.integer({ min: 0, max: 100_000_000_000_000 });
  fc.assert(
    fc.property(time, time, entropy, entropy, (a, b, left, right) => {
      const [first, second] = [makeRunId(a, left), makeRunId(b, right)];
      expect(parseRunId(first)).toBe(first);
      if (a !== b) expect(first < second).toBe(a < b);
    }),
  );
});

test("run ids of one millisecond differ by their randomness", () => {
  expect(makeRunId(1, "aaaaaaaaaa")).not.toBe(makeRunId(1, "aaaaaaaaab"));
});
