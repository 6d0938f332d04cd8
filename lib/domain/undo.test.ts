import { expect, test } from "vitest";
import type { RunId } from "./ids";
import { countOutcomes, undoneDetail, undoOutlook } from "./undo";

const newer = "run_00000000000000000002" as RunId;

test("UX-A5 an undo brings a run back to Stuck only where no newer run has decided about its work", () => {
  const looks = [
    undoOutlook({ state: "cleaned", newer: null }),
    undoOutlook({ state: "cleaned", newer }),
    undoOutlook({ state: "interrupted", newer: null }),
    undoOutlook({ state: null, newer: null }),
  ];
  expect(looks.map(({ outcome }) => outcome)).toEqual(["stuck", "state_only", "unchanged", "unchanged"]);
  expect(looks[1]?.why).toContain(newer);
  expect(countOutcomes(looks)).toEqual({ stuck: 1, state_only: 1, unchanged: 2 });
});

test("UX-D11 what a person typed stands apart from our own words", () => {
  const settled = undoOutlook({ state: "cleaned", newer });
  expect(undoneDetail(settled, "test")).toMatch(
    /^Put back: “test”\. Only its old state comes back\. A newer run/,
  );
  expect(undoneDetail(undoOutlook({ state: "cleaned", newer: null }), null)).toBe("Put back.");
});
