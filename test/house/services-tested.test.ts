import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
/** Who calls services: what they import is a verb. */
const CALLERS = ["api", "app", "lib/reads", "lib/chores"];

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

function verbs(): string[] {
  const found = CALLERS.flatMap(sources).flatMap((path) =>
    [
      ...readFileSync(join(ROOT, path), "utf8").matchAll(
        /^import (?!type)[^;]*"@\/(lib\/services\/[^"]+)";/gm,
      ),
    ].map(([, verb = ""]) => verb),
  );
  return [...new Set(found)].sort();
}

/** Whether a test in the folder of the verb imports it. */
function isTested(verb: string): boolean {
  const folder = join(ROOT, dirname(verb));
  const name = verb.split("/").at(-1);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".test.ts"))
    .some((file) => readFileSync(join(folder, file), "utf8").includes(`"./${name}"`));
}

test("every service that a route, a read or a chore calls has a unit test beside it", () => {
  const all = verbs();
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter((verb) => !isTested(verb))).toEqual([]);
});
