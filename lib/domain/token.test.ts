import { expect, test } from "vitest";
import { bearerToken, sameToken } from "./token";

test.each([
  ["Bearer abc123", "abc123"],
  ["bearer abc123", "abc123"],
  ["BEARER   abc123 ", "abc123"],
  [`Bearer ${"a".repeat(64)}`, "a".repeat(64)],
  [`Bearer ${"a".repeat(65)}`, null],
  ["Bearer", null],
  ["Bearer ", null],
  ["Bearer a b", null],
  ["Bearer abc, Bearer def", null],
  ["Basic abc123", null],
  ["xBearer abc", null],
  ["", null],
  [null, null],
  [undefined, null],
])("CR-7.6 the header %j names the token %j", (header, token) => {
  expect(bearerToken(header)).toBe(token);
});

test("CR-7.6 only a token that is the same in every character is the same token", () => {
  expect(sameToken("abc", "abc")).toBe(true);
  expect(sameToken("", "")).toBe(true);
  for (const other of ["abd", "xbc", "ab", "abcd", "", "ABC", "ab\u0163"])
    expect(sameToken("abc", other)).toBe(false);
});
