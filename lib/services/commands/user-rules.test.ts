import { expect, test } from "vitest";
import { RESERVED_NAMES } from "@/lib/domain/user";
import { refusePassword, refuseReserved } from "./user-rules";

test("a password that is none is refused with what is wrong with it", () => {
  expect(() => refusePassword("short", "anna")).toThrow(
    expect.objectContaining({
      code: "PASSWORD_REFUSED",
      message: "The password is not accepted: expected at least 10 characters, found 5.",
      details: { problem: "expected at least 10 characters, found 5" },
    }),
  );
  expect(() => refusePassword("correct horse", "anna")).not.toThrow();
});

test("a name that the history uses is refused where a form can show it, whatever its case", () => {
  for (const name of RESERVED_NAMES.flatMap((one) => [one, one.toUpperCase()]))
    expect(() => refuseReserved(name)).toThrow(
      expect.objectContaining({
        code: "INVALID_INPUT",
        details: { where: "body", issues: [{ path: "name", message: expect.stringContaining(name) }] },
      }),
    );
  for (const name of ["anna", "owners", "own"]) expect(() => refuseReserved(name)).not.toThrow();
});
