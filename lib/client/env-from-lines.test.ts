import { expect, test } from "vitest";
import { formatEnvFrom, parseEnvFrom } from "./env-from-lines";

test("a variable a line, read back as it was written", () => {
  const envFrom = { API_TOKEN: "file:/run/secrets/a b=c", DB: "env:SHOP_DB" };
  expect(formatEnvFrom(envFrom)).toBe("API_TOKEN=file:/run/secrets/a b=c\nDB=env:SHOP_DB");
  expect(parseEnvFrom(formatEnvFrom(envFrom))).toEqual({ envFrom, problem: null });
  expect(parseEnvFrom("")).toEqual({ envFrom: {}, problem: null });
});

test("blanks around a line and around its name are nothing", () => {
  expect(parseEnvFrom("\n  A = file:/a  \r\n\n")).toEqual({ envFrom: { A: "file:/a" }, problem: null });
});

test.each([
  ["/run/secrets/a", "Expected NAME=file:/path or NAME=env:NAME, found “/run/secrets/a”."],
  ["=file:/a", "Expected NAME=file:/path or NAME=env:NAME, found “=file:/a”."],
  ["A=file:/a\nA=file:/b", "A is there twice."],
])("%j is told what is wrong with it", (text, problem) => {
  expect(parseEnvFrom(text).problem).toBe(problem);
});
