import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { checkpointChanged, checkpointChangedBelow, checkpointState, walkIsDue } from "./checkpoint-changes";

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});

function write(name: string, text: string, at: number): void {
  writeFileSync(join(cwd, name), text);
  utimesSync(join(cwd, name), at, at);
}

test("a file that is new, longer, or written again has changed; one that was there before the start has not", () => {
  write("cp", "old", 1_000);
  const state = checkpointState({ cwd, checkpoint: "cp" });
  expect(checkpointChanged(state)).toBe(false);
  write("cp", "old", 1_001);
  expect([checkpointChanged(state), checkpointChanged(state)]).toEqual([true, false]);
  rmSync(join(cwd, "cp"));
  expect(checkpointChanged(state), "gone is no sign of life").toBe(false);
  write("cp", "x", 1_002);
  expect(checkpointChanged(state)).toBe(true);
});

test("a job without a checkpoint, a link and what cannot be looked at never change", () => {
  writeFileSync(join(cwd, "file"), "x");
  symlinkSync(join(cwd, "file"), join(cwd, "link"));
  for (const checkpoint of [null, "link", "missing", "file/below"]) {
    const state = checkpointState({ cwd, checkpoint });
    writeFileSync(join(cwd, "file"), `x${Math.random()}`);
    expect(checkpointChanged(state), String(checkpoint)).toBe(false);
  }
});

test("a change deep in a folder is seen by the walk only, which is due every 30 s", async () => {
  mkdirSync(join(cwd, "state/a/b"), { recursive: true });
  write("state/a/b/item", "1", 1_000);
  const state = checkpointState({ cwd, checkpoint: "state" });
  expect(walkIsDue(state)).toBe(true);
  expect(await checkpointChangedBelow(state), "the first walk has nothing to compare with").toBe(false);
  expect(walkIsDue(state)).toBe(false);
  write("state/a/b/item", "22", 1_001);
  expect(checkpointChanged(state)).toBe(false);
  expect([await checkpointChangedBelow(state), await checkpointChangedBelow(state)]).toEqual([true, false]);
});

test("links in a folder are not followed, and a folder of thousands of files is looked at in part", async () => {
  mkdirSync(join(cwd, "state/many"), { recursive: true });
  symlinkSync(cwd, join(cwd, "state/loop"));
  for (let index = 0; index < 700; index += 1) write(`state/many/${index}`, "", 1_000);
  const state = checkpointState({ cwd, checkpoint: "state" });
  await checkpointChangedBelow(state);
  expect(state.deepLook?.split(" ")[0]).toBe("502");
});

test("the files a pattern finds are looked at like those of a folder, and no others", async () => {
  mkdirSync(join(cwd, "state"));
  write("state/1.json", "1", 1_000);
  const state = checkpointState({ cwd, checkpoint: "state/*.json" });
  expect(walkIsDue(state)).toBe(true);
  expect(await checkpointChangedBelow(state), "the first walk has nothing to compare with").toBe(false);
  expect(walkIsDue(state)).toBe(false);
  write("state/other.txt", "1", 1_001);
  expect(await checkpointChangedBelow(state)).toBe(false);
  write("state/2.json", "1", 1_001);
  expect([await checkpointChangedBelow(state), await checkpointChangedBelow(state)]).toEqual([true, false]);
  expect(checkpointChanged(state)).toBe(false);
});
