import { expect, test } from "vitest";
import { duration, grants, instant } from "./option-values.mjs";

test("a grant is a role for a job or a tag, as the API has it", () => {
  const first = grants("operator:tag:shop", []);
  expect(grants("viewer:job:nightly", first)).toEqual([
    { role: "operator", on: "tag:shop" },
    { role: "viewer", on: "job:nightly" },
  ]);
  expect(grants("viewer:tag:a:b", [])).toEqual([{ role: "viewer", on: "tag:a:b" }]);
});

test("what is no such grant is refused with an example", () => {
  for (const text of ["", "operator", "admin:job:a", "operator:shop", "operator:tag:", "operator:host:a"])
    expect(() => grants(text, [])).toThrow(/such as operator:tag:shop/);
});

test.each([
  ["90s", 90_000],
  ["10min", 600_000],
  ["1h30min", 5_400_000],
  ["1h 30m", 5_400_000],
  ["1.5 h", 5_400_000],
  ["2d", 172_800_000],
])("%s is a length of time", (text, ms) => {
  expect(duration(text)).toBe(ms);
});

test("what is no length of time, or no time, is refused with an example", () => {
  for (const text of ["", "90", "soon", "1h soon", "1 hour", "h"])
    expect(() => duration(text), text).toThrow(/such as 90s/);
  for (const text of ["", "soon", "12", "2026-13-01", "24.12.2026"])
    expect(() => instant(text), text).toThrow(/such as 2026-12-24T03:00Z/);
  expect(instant("2026-12-24T03:00Z")).toBe("2026-12-24T03:00:00.000Z");
});
