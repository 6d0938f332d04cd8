import { expect, test } from "vitest";
import { type Hold, held, holdOf } from "./hold";
import type { HoldId, JobId } from "./ids";

const NOW = 1_000_000;
const hold = (on: Hold["on"], until: number | null = null): Hold => ({
  ...{
    id: `hold_${on}` as HoldId,
    on,
    until,
    reason: "The shop is being moved.",
    actor: "anna",
    createdAt: 0,
  },
});
const job = { id: "shop" as JobId, tags: ["retail"] };
const onOf = (...holds: Hold[]) => holdOf(holds, job, NOW)?.on ?? null;

test("a job is held by a hold of everything, of one of its tags, or of itself, while that lasts", () => {
  for (const on of ["all", "tag:retail", "job:shop"] as const) {
    expect(onOf(hold(on))).toBe(on);
    expect(onOf(hold(on, NOW + 1))).toBe(on);
    expect(onOf(hold(on, NOW))).toBeNull();
  }
  for (const on of ["tag:shop", "job:retail", "job:shop-2", "tag:"] as const)
    expect(onOf(hold(on))).toBeNull();
});

test("of several the one that lasts longest is told", () => {
  expect(onOf(hold("all", NOW + 5), hold("job:shop", NOW + 9), hold("tag:retail", NOW + 7))).toBe("job:shop");
  expect(onOf(hold("all", NOW + 5), hold("job:shop"))).toBe("job:shop");
});

test("the refusal says of what, until when, by whom and why", () => {
  expect(held(job, hold("tag:retail", Date.UTC(2026, 11, 24))).message).toBe(
    "Automatic starts of jobs tagged retail are on hold until 2026-12-24T00:00:00.000Z, by anna: The shop is being moved.",
  );
  expect(held(job, hold("all"))).toMatchObject({ code: "HELD", details: { job: "shop", until: null } });
});
