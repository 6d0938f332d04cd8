import { expect, test } from "vitest";
import { signInProblem, signInProblemInWords } from "./sign-in-problems";

test("a page says in words what a service has refused with", () => {
  const refusal = signInProblem("OIDC_NO_ROLE", { why: "x" });
  expect(refusal).toMatchObject({ code: "OIDC_NO_ROLE", details: { why: "x" } });
  expect(signInProblemInWords("OIDC_NO_ROLE")).toBe(refusal.message);
});

test("any other code of ours has a sentence too, and what is no code is not repeated", () => {
  expect(signInProblemInWords("DATABASE_LOCKED")).toContain("DATABASE_LOCKED");
  for (const text of ["<b>Call 0900</b>", "toString", "", null, undefined])
    expect(signInProblemInWords(text)).toBeNull();
});
