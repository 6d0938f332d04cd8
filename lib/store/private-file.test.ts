import { chmodSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { keepFromOthers } from "./private-file";

test.each([
  [0o644, 0o600],
  [0o666, 0o600],
  [0o600, 0o600],
  [0o440, 0o400],
])("a file of mode %o has %o afterwards", (before, after) => {
  const file = join(temporaryFolder(), "unstuck.db");
  writeFileSync(file, "");
  chmodSync(file, before);
  keepFromOthers(file);
  expect(statSync(file).mode & 0o777).toBe(after);
});

test("a file that is not there is none of its business", () => {
  expect(() => keepFromOthers(join(temporaryFolder(), "none"))).not.toThrow();
});
