import { expect, test } from "vitest";
import { signedOutInWords } from "./signed-out";

test("each outcome has words that name the provider", () => {
  for (const outcome of ["sign-out", "nothing", "unknown"])
    expect(signedOutInWords(outcome, "Example"), outcome).toMatch(/^Your session here is over.*Example/);
});

test.each([undefined, "", "toString", "<b>you have won</b>"])("%j says nothing", (outcome) => {
  expect(signedOutInWords(outcome, "Example")).toBeNull();
});
