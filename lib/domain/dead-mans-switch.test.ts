import { expect, test } from "vitest";
import { whyUnwell } from "./dead-mans-switch";

const WELL = { beatAgeMs: 10_000, overdueMs: -5_000, unconfirmed: false };

test("all is well while the supervisor looks and no time of a schedule is left", () => {
  expect(whyUnwell(WELL)).toBeNull();
  expect(whyUnwell({ ...WELL, overdueMs: null })).toBeNull();
  expect(whyUnwell({ ...WELL, overdueMs: 900 })).toBeNull();
});

test("each of the three that does not work is named", () => {
  expect(whyUnwell({ ...WELL, beatAgeMs: 61_000 })).toBe(
    "the supervisor has not looked at the runs for 61 s",
  );
  expect(whyUnwell({ ...WELL, overdueMs: 90_000 })).toBe("a time of a schedule has not been taken for 90 s");
  expect(whyUnwell({ ...WELL, unconfirmed: true })).toContain("not confirmed");
});
