import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  JOB_ID_PATTERN,
  makeRunId,
  nextStamp,
  parseJobId,
  parseRunId,
  RESERVED_JOB_IDS,
  RUN_ID_PATTERN,
} from "./ids";

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

test("no id is a folder that the data folder keeps for itself, new or old", () => {
  for (const name of ["_launchers", "_identity", "_backups", "shims", "runs"])
    expect(parseJobId(name)).toBeNull();
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

test("CR-6.7 an id sorts behind the last one, whatever the clock shows, and keeps its form", () => {
  const entropy = fc.stringMatching(/^[0-9a-z]{10}$/);
  const time = fc.integer({ min: 0, max: 100_000_000_000_000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(time, entropy), { minLength: 2, maxLength: 20 }), (asked) => {
      let last = "";
      for (const [now, random] of asked) {
        const next = nextStamp(last, now, random);
        expect(next > last).toBe(true);
        expect(parseRunId(`run_${next}`)).not.toBeNull();
        last = next;
      }
    }),
  );
});

test("CR-6.7 the clock is followed while it goes forward, and waited for while it is behind", () => {
  const timeOf = (stamp: string) => Number.parseInt(stamp.slice(0, 10), 36);
  const first = nextStamp("", 5_000, "00000zzzzz");
  expect(timeOf(first)).toBe(5_000);
  const behind = nextStamp(first, 1_000, "zzzzzzzzzz");
  expect(timeOf(behind)).toBe(5_000);
  expect(timeOf(nextStamp(behind, 5_001, "0000000000"))).toBe(5_001);
  // When the random part is used up, the time moves on.
  const full = `${first.slice(0, 10)}zzzzzzzzzz`;
  expect(timeOf(nextStamp(full, 1_000, "0000000000"))).toBe(5_001);
});
