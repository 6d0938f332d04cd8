import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

test("every test that docs/reliability.md names as a proof is there", () => {
  const page = readFileSync(join(root, "docs/reliability.md"), "utf8");
  const named = [...page.matchAll(/`((?:lib|test|e2e)\/[\w./-]+\.ts)`/g)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
