import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const APP = join(import.meta.dirname, "../../app");

test("what a page is rendered with is what who asks may see", () => {
  const pages = globSync("**/page.tsx", { cwd: APP }).map(
    (file) => [file, readFileSync(join(APP, file), "utf8")] as const,
  );
  const dehydrating = pages.filter(([, text]) => text.includes("dehydrate("));
  expect(dehydrating.length).toBeGreaterThan(8);
  expect(
    dehydrating.filter(([, text]) => !text.includes("await seenState(dehydrate(")).map(([file]) => file),
  ).toEqual([]);
});
