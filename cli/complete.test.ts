import { expect, test } from "vitest";
import { ROLES as KNOWN_ROLES } from "@/lib/domain/access";
import { RUN_STATES } from "@/lib/domain/run";
import { ROLES } from "./account-verbs.mjs";
import { STATES } from "./complete.mjs";

test("completion offers every state a run can have, and no other", () => {
  expect(STATES).toEqual(RUN_STATES);
});

test("it offers every role, and no other", () => {
  expect(ROLES.toSorted()).toEqual(KNOWN_ROLES.toSorted());
});
