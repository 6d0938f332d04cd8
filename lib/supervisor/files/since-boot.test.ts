import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { readMoment, writeMoment } from "./since-boot";

const files = () => ({ folder: temporaryFolder(), exitFile: "" });

test("a moment is read as it was written, by whichever process, and the first one stays", async () => {
  const run = files();
  const before = performance.now() - 1;
  await writeMoment(run, "launched");
  const after = performance.now();
  const moment = readMoment(run, "launched") ?? Number.NaN;
  expect(moment).toBeGreaterThanOrEqual(before - 1);
  expect(moment).toBeLessThanOrEqual(after);
  await writeMoment(run, "launched");
  expect(readMoment(run, "launched")).toBeCloseTo(moment, 0);
});

test("what is missing, torn, nonsense or of another boot is not known", () => {
  const run = files();
  expect(readMoment(run, "launched")).toBeNull();
  for (const text of ["", "12", "soon\n", "-5\n", "1e9\n", "99999999999999\n"]) {
    writeFileSync(join(run.folder, "launched"), text);
    expect(readMoment(run, "launched"), JSON.stringify(text)).toBeNull();
  }
});

test("where it cannot be written nothing fails", async () => {
  await expect(
    writeMoment({ folder: "/nowhere/at/all", exitFile: "" }, "stop-asked"),
  ).resolves.toBeUndefined();
});
