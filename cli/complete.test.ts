import { expect, test } from "vitest";
import { RUN_STATES } from "@/lib/domain/run";
import { STATES } from "./complete.mjs";

test("completion offers every state a run can have, and no other", () => {
  expect(STATES).toEqual(RUN_STATES);
});
