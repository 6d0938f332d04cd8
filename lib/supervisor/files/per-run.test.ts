import { expect, test } from "vitest";
import { perRun } from "./per-run";

test("each run has one state, made at the first question from what was known of it then", () => {
  const sizeOf = perRun(({ bytes }: { bytes: number }) => ({ bytes }));
  const one = { bytes: 3 };
  const other = { bytes: 3 };
  sizeOf(one).bytes += 4;
  one.bytes = 100;
  expect(sizeOf(one)).toEqual({ bytes: 7 });
  expect(sizeOf(one)).toBe(sizeOf(one));
  expect(sizeOf(other)).toEqual({ bytes: 3 });
});

test("two rooms keep states of the same run apart", () => {
  const run = {};
  const first = perRun(() => ({ of: "first" }));
  const second = perRun(() => ({ of: "second" }));
  expect([first(run), second(run)]).toEqual([{ of: "first" }, { of: "second" }]);
});
