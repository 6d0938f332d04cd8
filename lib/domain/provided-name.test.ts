import { expect, test } from "vitest";
import { isUsable, nameFrom, numbered } from "./provided-name";
import { USER_NAME_PATTERN } from "./user";

test("the first candidate that can be a name is taken, made to fit", () => {
  expect(nameFrom(["ada", "ada@example.org"])).toBe("ada");
  expect(nameFrom(["", "ada@example.org"])).toBe("ada@example.org");
  expect(nameFrom(["  Zoë  Müller "])).toBe("Zoe.Muller");
  expect(nameFrom(["CORP\\ada"])).toBe("CORPada");
  expect(nameFrom(["李", "..", "auth0|5f7c8e"])).toBe("auth05f7c8e");
  expect(nameFrom(["<script>alert(1)</script>"])).toBe("scriptalert1script");
});

test("nothing that could pass for the process itself, and always something", () => {
  expect(nameFrom(["owner", "System", "ada"])).toBe("ada");
  expect(nameFrom(["李"])).toBe("user");
  expect(nameFrom([])).toBe("user");
});

test("with a number it is still a name, however long it was", () => {
  const long = nameFrom(["x".repeat(200)]);
  expect(long).toHaveLength(63);
  expect(numbered(long, 1)).toBe(long);
  expect(numbered("ada", 2)).toBe("ada2");
  for (const number of [2, 10, 999]) expect(numbered(long, number)).toMatch(USER_NAME_PATTERN);
});

test("a name from a header is taken as it stands or not at all", () => {
  expect(["ada", "ada@example.org", "a.b-c_d+e"].every(isUsable)).toBe(true);
  for (const name of ["", " ada", "ada, eve", "owner", "Operator", "-ada", "ada\u0000", "a".repeat(64)])
    expect(isUsable(name), name).toBe(false);
});
