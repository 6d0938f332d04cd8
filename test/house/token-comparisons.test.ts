import { Linter } from "eslint";
import { expect, test } from "vitest";
import config from "@/eslint.config.mjs";

const rule = config.map(({ rules }) => rules?.["no-restricted-syntax"]).find((given) => given !== undefined);

function complaints(code: string): number {
  if (rule === undefined) throw new Error("eslint.config.mjs has no such rule.");
  return new Linter().verify(code, [{ rules: { "no-restricted-syntax": rule } }]).length;
}

test.each([
  "if (token === run.token) ok();",
  "if (run.token !== token) no();",
  "ok(given == row.token);",
  "const same = runToken === given;",
  "ok(request.authToken !== x);",
  "ok(a.token.equals(b));",
  "ok(token.startsWith(b));",
])("CR-7.6 lint refuses to compare a token by hand: %s", (code) => {
  expect(complaints(code)).toBeGreaterThan(0);
});

test.each([
  "if (token === null || token === undefined) no();",
  'if (typeof token === "string" && token !== "") ok();',
  "if (!sameToken(run.token, token)) no();",
  "if (token.length === 32) ok();",
  'if (token.includes(":")) colon();',
  "const tokens = parse(); if (tokens.length === other) ok();",
])("CR-7.6 lint leaves other questions about a token alone: %s", (code) => {
  expect(complaints(code)).toBe(0);
});
