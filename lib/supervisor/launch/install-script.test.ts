import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { installScript } from "./install-script";

test("an upgrade adds a launcher and leaves the one that running launchers still read", () => {
  const folder = temporaryFolder();
  const source = join(folder, "launcher.sh");
  const launchers = join(folder, "data/_launchers");
  writeFileSync(source, "one");
  const first = installScript(source, launchers);
  const inode = statSync(first).ino;
  expect(installScript(source, launchers)).toBe(first);
  expect(statSync(first).ino, "the same content is not written again").toBe(inode);
  writeFileSync(source, "two");
  const second = installScript(source, launchers);
  expect([readFileSync(first, "utf8"), readFileSync(second, "utf8")]).toEqual(["one", "two"]);
  expect(readdirSync(launchers), "nothing half-written stays").toHaveLength(2);
  expect(statSync(second).mode & 0o222, "nobody can change it by accident").toBe(0);
});
