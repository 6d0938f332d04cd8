import { describe, expect, test } from "vitest";
import { idBeginning } from "./run-text";

describe("what ids of runs begin with", () => {
  const CASES: readonly (readonly [string, string | null])[] = [
    ["00mwzh", "run_00mwzh"],
    ["run_00mwzh", "run_00mwzh"],
    ["RUN_00MWZH", "run_00mwzh"],
    ["00mwzhmmtv9ugx79k3w9", "run_00mwzhmmtv9ugx79k3w9"],
    ["00mwzhmmtv9ugx79k3w90", null],
    ["00mwz", null],
    ["run_00mwz", null],
    ["run_", null],
    ["", null],
    ["shop-77", null],
    ["00mwz_", null],
    ["00mwzé", null],
  ];
  for (const [text, beginning] of CASES)
    test(`"${text}" → ${beginning}`, () => expect(idBeginning(text)).toBe(beginning));
});
