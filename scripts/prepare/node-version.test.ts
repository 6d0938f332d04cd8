import { expect, test } from "vitest";
import { nodeProblem } from "./node-version.mjs";

for (const version of ["20.19.0", "20.19.1", "20.20.0", "22.0.0", "24.1.0", "100.0.0", process.versions.node])
  test(`Node ${version} is new enough`, () => expect(nodeProblem(version)).toBeNull());

for (const version of ["20.18.9", "20.9.99", "18.20.4", "0.10.48", "19.99.99"])
  test(`Node ${version} is too old, and the sentence says what is needed and what is there`, () => {
    expect(nodeProblem(version)).toBe(
      `Unstuck needs Node 20.19.0 or newer, and this is Node ${version}. Install a newer Node and try again.`,
    );
  });
