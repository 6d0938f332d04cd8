import { expect, test } from "vitest";
import { AppError, ERROR_CODES, isAppError } from "./errors";

test("an expected failure is recognised by its brand, so that a copy of this module knows it too", () => {
  const copy = { [Symbol.for("unstuck.app-error")]: true, code: "JOB_NOT_FOUND" };
  expect(isAppError(copy)).toBe(true);
  expect(isAppError(new AppError("INTERNAL", "x"))).toBe(true);
  for (const other of [new Error("x"), null, undefined, "INTERNAL", { code: "INTERNAL" }, 7])
    expect(isAppError(other)).toBe(false);
});

test("it keeps code, message, details and cause", () => {
  const cause = new Error("disk full");
  const error = new AppError("DATABASE_UNUSABLE", "No.", { file: "x.db" }, { cause });
  expect(error).toMatchObject({
    code: "DATABASE_UNUSABLE",
    message: "No.",
    details: { file: "x.db" },
    cause,
  });
});

test("every code is written once", () => expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length));
