import { readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { installChild } from "./install";

test("CR-6.1 an upgrade of the program's folder adds a copy, and leaves the one that the dashboard that runs starts again", () => {
  const source = temporaryFolder();
  const launchers = join(temporaryFolder(), "data/_launchers");
  writeFileSync(join(source, "main.mjs"), "one");
  writeFileSync(join(source, "notes.txt"), "not a script");
  const first = installChild(source, launchers);
  const inode = statSync(first).ino;
  expect([installChild(source, launchers), statSync(first).ino]).toEqual([first, inode]);
  writeFileSync(join(source, "other.mjs"), "two");
  const second = installChild(source, launchers);
  expect(readdirSync(dirname(first))).toEqual(["main.mjs"]);
  expect(readdirSync(dirname(second)).sort()).toEqual(["main.mjs", "other.mjs"]);
  expect(readdirSync(launchers), "nothing half-written stays").toHaveLength(2);
});
