import { afterEach, describe, expect, it, vi } from "vitest";
import { inSlices, newSlice } from "./turns";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A clock that stands still until it is moved, in milliseconds. */
function aClock(): { now: number } {
  const clock = { now: 1_000 };
  vi.spyOn(performance, "now").mockImplementation(() => clock.now);
  return clock;
}

describe("a slice of a long loop", () => {
  it("is over when its time is up, and not before", () => {
    const clock = aClock();
    const slice = newSlice();
    clock.now += 4;
    expect(slice.isOver()).toBe(false);
    clock.now += 1;
    expect(slice.isOver()).toBe(true);
  });

  it("lets others run before the next one begins", async () => {
    const clock = aClock();
    const slice = newSlice();
    clock.now += 10;
    const order: string[] = [];
    setImmediate(() => order.push("another"));
    await slice.next();
    order.push("the loop");
    expect(order).toEqual(["another", "the loop"]);
    expect(slice.isOver()).toBe(false);
  });
});

describe("work in slices", () => {
  it("answers in the order of the items", async () => {
    const items = Array.from({ length: 40 }, (_, index) => index);
    expect(await inSlices(items, (item) => item * 2)).toEqual(items.map((item) => item * 2));
  });

  it("lets others run between slices, and not within one", async () => {
    const clock = aClock();
    const items = Array.from({ length: 48 }, (_, index) => index);
    let answered = false;
    setImmediate(() => {
      answered = true;
    });
    const seen = await inSlices(items, (item) => {
      if (item === 31) clock.now += 5;
      return answered;
    });
    expect(seen.indexOf(true)).toBe(32);
  });
});
