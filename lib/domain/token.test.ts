import { expect, test } from "vitest";
import { bearerToken } from "./token";

test.each([
  ["Bearer abc123", "abc123"],
  ["bearer abc123", "abc123"],
  ["BEARER   abc123 ", "abc123"],
  [`Bearer ${"a".repeat(64)}`, "a".repeat(64)],
  [`Bearer ${"a".repeat(65)}`, null],
  ["Bearer unstuck_aB-9_z", "unstuck_aB-9_z"],
  ["Bearer abc.def", null],
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
