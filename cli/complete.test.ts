import { expect, test } from "vitest";
import { ROLES as KNOWN_ROLES } from "@/lib/domain/access";
import { RUN_STATES } from "@/lib/domain/run";
import { OVERLAPS as KNOWN_OVERLAPS, MISSED_POLICIES } from "@/lib/domain/schedule";
import { ROLES } from "./account-verbs.mjs";
import { STATES } from "./complete.mjs";
import { MISSED, OVERLAPS, WEEKDAYS } from "./schedule-values.mjs";

test("completion offers every state a run can have, and no other", () => {
  expect(STATES).toEqual(RUN_STATES);
});

test("it offers every role, and no other", () => {
  expect(ROLES.toSorted()).toEqual(KNOWN_ROLES.toSorted());
});

test("it offers what a schedule can do, as the API has it", () => {
  expect(MISSED).toEqual(MISSED_POLICIES);
  expect(Object.values(OVERLAPS)).toEqual(KNOWN_OVERLAPS);
  expect(WEEKDAYS[0], "0 is Sunday").toBe("sun");
});
