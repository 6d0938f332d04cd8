import { describe, expect, it } from "vitest";
import { pollingInterval } from "./polling";

describe("pollingInterval", () => {
  it.each([
    [{ visible: true, active: true, lost: false }, 2_000],
    [{ visible: true, active: false, lost: false }, 10_000],
    [{ visible: true, active: false, lost: true }, 2_000],
    [{ visible: false, active: true, lost: false }, false],
    [{ visible: false, active: false, lost: true }, false],
  ])("answers %j with %s", (facts, interval) => expect(pollingInterval(facts)).toBe(interval));
});
