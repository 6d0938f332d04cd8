import { expect, test } from "vitest";
import { sameToken } from "./same-token";

test("CR-7.6 only a token that is the same in every character is the same token", () => {
  expect(sameToken("abc", "abc")).toBe(true);
  expect(sameToken("", "")).toBe(true);
  for (const other of ["abd", "xbc", "ab", "abcd", "", "ABC", "ab\u0163", "ab\u0000"])
    expect(sameToken("abc", other)).toBe(false);
});
