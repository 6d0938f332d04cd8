import { describe, expect, test } from "vitest";
import { type DiskState, judgeDisk, scarcest, startsNeedPercent } from "./disk";

const LIMITS = { warnPercent: 10, refusePercent: 2 };
const space = (freePercent: number, freeInodesPercent: number | null = null) => ({
  freeBytes: freePercent * 1000,
  freePercent,
  freeInodesPercent,
});

const CASES: readonly [number, DiskState, DiskState][] = [
  [50, "ok", "ok"],
  [10, "ok", "ok"],
  [9.9, "ok", "low"],
  [10.9, "low", "low"],
  [11, "low", "ok"],
  [2, "low", "low"],
  [1.9, "ok", "full"],
  [1.9, "low", "full"],
  [2.9, "full", "full"],
  [3, "full", "low"],
  [10.5, "full", "low"],
  [11, "full", "ok"],
  [0, "full", "full"],
];

describe("the state of a disk", () => {
  for (const [percent, before, after] of CASES)
    test(`${percent} % free after "${before}" is "${after}"`, () =>
      expect(judgeDisk(space(percent), LIMITS, before)).toBe(after));

  test("goes by inodes when they are scarcer", () => {
    expect(judgeDisk(space(50, 1), LIMITS, "ok")).toBe("full");
    expect(judgeDisk(space(1, 50), LIMITS, "ok")).toBe("full");
    expect(scarcest(space(50, 1))).toEqual({ what: "inodes", percent: 1 });
    expect(scarcest(space(50, null))).toEqual({ what: "disk space", percent: 50 });
  });

  test("is never low or full by a limit that is switched off", () => {
    expect(judgeDisk(space(0), { warnPercent: 0, refusePercent: 0 }, "full")).toBe("ok");
    expect(judgeDisk(space(1), { warnPercent: 10, refusePercent: 0 }, "ok")).toBe("low");
    expect(judgeDisk(space(5), { warnPercent: 0, refusePercent: 2 }, "ok")).toBe("ok");
    expect(startsNeedPercent({ warnPercent: 10, refusePercent: 0 }, "full")).toBe(0);
  });
});
