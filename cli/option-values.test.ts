import { expect, test } from "vitest";
import { grants } from "./option-values.mjs";

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
