import { expect, it } from "vitest";
import { placeProblem } from "./access-problem";
import { ApiProblem } from "./problem";

const invalid = (...issues: { path: string; message: string }[]) =>
  new ApiProblem("INVALID_INPUT", "The body is not as expected.", 422, null, { where: "body", issues });

it("puts a refusal where it can be put right", () => {
  expect(placeProblem(new ApiProblem("USER_EXISTS", "alice exists."))).toMatchObject({
    name: "alice exists.",
    rest: null,
  });
  expect(placeProblem(new ApiProblem("LAST_ADMIN", "No admin would be left."))).toMatchObject({
    access: "No admin would be left.",
    rest: null,
  });
  const issues = [
    { path: "name", message: "expected letters" },
    { path: "grants.0.on", message: "expected job:<job>" },
  ];
  expect(placeProblem(invalid(...issues))).toEqual({
    name: "Expected letters.",
    access: "Expected job:<job>.",
    rest: null,
  });
});

it("leaves the others whole", () => {
  for (const error of [new ApiProblem("STALE_VERSION", "It was changed."), invalid(), new Error("a bug")])
    expect(placeProblem(error)).toEqual({ name: null, access: null, rest: error });
  expect(placeProblem(null).rest).toBeNull();
});
