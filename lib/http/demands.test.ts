import { describe, expect, test } from "vitest";
import { byForce, freeArguments } from "./demands";

describe("force", () => {
  test("is an admin's", () => {
    expect(byForce({ body: { force: true } })).toEqual({ role: "admin", what: "Force" });
  });
  test("so is another time to end in than the job's: none at all is force by another name", () => {
    for (const graceMs of [0, 1, 60_000])
      expect(byForce({ body: { graceMs } })).toMatchObject({ role: "admin" });
  });
  test("is not asked for by leaving it out or saying no", () => {
    expect([{}, { force: false }, { force: undefined }].map((body) => byForce({ body }))).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe("arguments of one's own", () => {
  test("are an admin's: the program does with them whatever it can", () => {
    expect(freeArguments({ body: { args: ["--all"] } })).toMatchObject({ role: "admin" });
    expect(freeArguments({ body: { args: [""] } })).toMatchObject({ role: "admin" });
  });
  test("are not asked for by leaving them out, or by none", () => {
    expect([{}, { args: [] }, { args: undefined }].map((body) => freeArguments({ body }))).toEqual([
      null,
      null,
      null,
    ]);
  });
});
