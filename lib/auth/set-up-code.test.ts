import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { setUpCode } from "./set-up-code";

const given = () => join(temporaryFolder(), "_set-up-code");

test("the code is made when it is asked for, for the owner of the folder alone", () => {
  const path = given();
  const code = setUpCode(path);
  expect(existsSync(path)).toBe(false);
  const text = code.read();
  expect(text).toMatch(/^[\w-]{43}$/);
  expect(readFileSync(path, "utf8")).toBe(text);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(code.read()).toBe(text);
});

test("the link of an earlier start still works", () => {
  const path = given();
  const text = setUpCode(path).read();
  expect(setUpCode(path).read()).toBe(text);
  writeFileSync(path, `${text}\n`);
  expect(setUpCode(path).read()).toBe(text);
});

test.each(["", "short", "x".repeat(44), `${"x".repeat(42)}!`])(
  "a file with %j in it is replaced",
  (content) => {
    const path = given();
    writeFileSync(path, content);
    const text = setUpCode(path).read();
    expect(text).toMatch(/^[\w-]{43}$/);
    expect(readFileSync(path, "utf8")).toBe(text);
  },
);

test("a code that was used is gone, and the next one is another", () => {
  const path = given();
  const code = setUpCode(path);
  const text = code.read();
  code.forget();
  expect(existsSync(path)).toBe(false);
  expect(code.read()).not.toBe(text);
  code.forget();
  code.forget();
});
