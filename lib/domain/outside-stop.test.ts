import { expect, it } from "vitest";
import { graceLeft } from "./outside-stop";

it.each([
  ["counts on while nobody is there", 4_000, 6_000],
  ["is over when its time has passed", 20_000, 0],
  ["is no longer than it was when the clock was set back", -3_600_000, 10_000],
])("CR-6.12 the grace of a stop %s", (_what, now, left) => {
  expect(graceLeft({ requestedAt: 0, graceMs: 10_000 }, now)).toBe(left);
});
