import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import type { Look } from "@/lib/domain/files";
import { forAllUsers } from "@/test/file-access";
import { type ReferenceNeeds, referencedValues } from "./references";

const plain = (text: string): Look => {
  const bytes = new TextEncoder().encode(text);
  return { kind: "file", size: bytes.byteLength, modifiedMs: 0, inode: 1, bytes };
};
const given = (look: () => Promise<Look | null>): ReferenceNeeds => ({
  files: forAllUsers({ real: async (path: string) => path, look }),
  startedWith: (name) => (name === "EMPTY" ? "" : undefined),
});
const valueIn = async (text: string) =>
  (
    await referencedValues(
      given(async () => plain(text)),
      { runAs: null, envFrom: { A: "file:/a" } },
    )
  ).A;

test.each([
  ["value", "value"],
  ["value\n", "value"],
  ["value\r\n", "value"],
  // One line end is the editor's; what else is there is the value's.
  ["a\nb\n\n", "a\nb\n"],
  [" value ", " value "],
  ["", ""],
])("a file with %j has the value %j", async (text, value) => {
  expect(await valueIn(text)).toBe(value);
});

test("a variable that is set to nothing is one", async () => {
  const needs = given(async () => null);
  expect(await referencedValues(needs, { runAs: null, envFrom: { A: "env:EMPTY" } })).toEqual({ A: "" });
  await expect(referencedValues(needs, { runAs: null, envFrom: { A: "env:NONE" } })).rejects.toThrow(
    "A comes from the variable NONE, which the dashboard was not started with",
  );
});

describe("a file that cannot be read", () => {
  const failing = (error: Error) =>
    referencedValues(
      given(() => Promise.reject(error)),
      { runAs: null, envFrom: { A: "file:/a" } },
    );
  test("is named with what the system says", async () => {
    await expect(failing(new Error("EACCES: permission denied"))).rejects.toThrow(
      "A comes from /a, which cannot be read: EACCES: permission denied",
    );
  });
  test("because its disk does not answer is another matter, which passes", async () => {
    const passing = new AppError("PATH_NOT_ANSWERING", "/a does not answer.");
    await expect(failing(passing)).rejects.toBe(passing);
  });
});
