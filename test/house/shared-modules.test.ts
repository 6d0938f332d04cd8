import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const ROOMS = [
  "api",
  "app",
  "bootstrap",
  "cli",
  "components",
  "lib",
  "scripts",
  "server",
  "test/house",
  "test/integration",
];

/** A hook of a helper is registered when the helper is imported: with shared modules only for the first file of a worker. */
const HOOK = /^(?:after|before)(?:All|Each)\(|^(?:export )?const .* = testFiles\(\)/m;

const hooking = readdirSync(join(root, "test"), { withFileTypes: true })
  .filter((entry) => entry.isFile() && HOOK.test(readFileSync(join(root, "test", entry.name), "utf8")))
  .map(({ name }) => name.replace(".ts", ""));

/** Unit and integration tests. */
function withSharedModules(): string[] {
  return ROOMS.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: "utf8" }).map((file) => join(room, file)),
  ).filter((file) => /(?<!\.processes)\.test\.tsx?$/.test(file));
}

test("helpers that register a hook when they are imported are taken by tests with modules of their own only", () => {
  expect(hooking).toContain("supervisor-ports");
  const taken = new RegExp(`from "(?:@/test|\\.\\./?\\.?)/(?:${hooking.join("|")})"`);
  expect(withSharedModules().filter((file) => taken.test(readFileSync(join(root, file), "utf8")))).toEqual(
    [],
  );
});
