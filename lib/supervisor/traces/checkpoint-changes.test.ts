import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { notAnswering } from "@/lib/domain/files";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import {
  type CheckpointState,
  checkpointChangedBelow,
  checkpointState,
  firstLook,
  takeLook,
  walkIsDue,
} from "./checkpoint-changes";

const files = testFiles();
let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});

function write(name: string, text: string, at: number): void {
  writeFileSync(join(cwd, name), text);
  utimesSync(join(cwd, name), at, at);
}

async function stateOf(checkpoint: string | null): Promise<CheckpointState> {
  const state = checkpointState({ cwd, checkpoint });
  await firstLook(files, state, 0);
  return state;
}

async function look(state: CheckpointState) {
  const [found = null] = await files.survey([state.path ?? ""]);
  return takeLook(state, found, 0);
}
const below = (state: CheckpointState) => checkpointChangedBelow(files, state);

test("a file that is new, longer, or written again has changed; one that was there before the start has not", async () => {
  write("cp", "old", 1_000);
  const state = await stateOf("cp");
  expect(await look(state)).toBe("same");
  write("cp", "old", 1_001);
  expect([await look(state), await look(state)]).toEqual(["changed", "same"]);
  rmSync(join(cwd, "cp"));
  expect(await look(state), "gone is no sign of life").toBe("same");
  write("cp", "x", 1_002);
  expect(await look(state)).toBe("changed");
});

test("a job without a checkpoint, a link and what cannot be looked at never change", async () => {
  writeFileSync(join(cwd, "file"), "x");
  symlinkSync(join(cwd, "file"), join(cwd, "link"));
  await stateOf(null);
  for (const checkpoint of ["link", "missing", "file/below"]) {
    const state = await stateOf(checkpoint);
    writeFileSync(join(cwd, "file"), `x${Math.random()}`);
    expect(await look(state), checkpoint).toBe("same");
  }
});

test("CR-6.1 what does not answer has not changed, is remembered as such, and is compared with what was seen before it", async () => {
  write("cp", "old", 1_000);
  const state = await stateOf("cp");
  const silent = notAnswering(join(cwd, "cp"), 2_000, "/mnt");
  expect([takeLook(state, silent, 5), takeLook(state, silent, 9)]).toEqual(["unanswered", "unanswered"]);
  expect(state.unanswered).toEqual({ since: 5, words: "did not answer within 2 s (/mnt hangs)" });
  expect([await look(state), await look(state)]).toEqual(["again", "same"]);
  expect(state.unanswered).toBeNull();
  takeLook(state, silent, 10);
  write("cp", "new", 1_001);
  expect(await look(state)).toBe("changed");
});

test("CR-6.1 a checkpoint that did not answer before the first look gives no sign of life by what was there already", async () => {
  write("cp", "old", 1_000);
  const state = checkpointState({ cwd, checkpoint: "cp" });
  const silent = notAnswering(join(cwd, "cp"), 2_000, null);
  await expect(firstLook({ ...files, survey: async () => [silent] }, state, 1)).rejects.toBe(silent);
  expect([await look(state), await look(state)]).toEqual(["again", "same"]);
});

test("a change deep in a folder is seen by the walk only, which is due every 30 s", async () => {
  mkdirSync(join(cwd, "state/a/b"), { recursive: true });
  write("state/a/b/item", "1", 1_000);
  const state = await stateOf("state");
  expect(walkIsDue(state)).toBe(true);
  expect(await below(state), "the first walk has nothing to compare with").toBe(false);
  expect(walkIsDue(state)).toBe(false);
  write("state/a/b/item", "22", 1_001);
  expect(await look(state)).toBe("same");
  expect([await below(state), await below(state)]).toEqual([true, false]);
});

test("links in a folder are not followed, and a folder of thousands of files is looked at in part", async () => {
  mkdirSync(join(cwd, "state/many"), { recursive: true });
  symlinkSync(cwd, join(cwd, "state/loop"));
  for (let index = 0; index < 700; index += 1) write(`state/many/${index}`, "", 1_000);
  const state = await stateOf("state");
  await below(state);
  expect(state.deepLook).toMatchObject({ entries: 502, whole: false });
});

test("of walks that a slow disk has cut short only something newer is a change", async () => {
  const walk = { entries: 9, bytes: 9, newestMs: 1_000, whole: false, late: true };
  const state = { ...checkpointState({ cwd, checkpoint: "state" }), isFolder: true };
  const seen: boolean[] = [];
  for (const next of [walk, { ...walk, entries: 5, bytes: 5 }, { ...walk, newestMs: 1_001 }])
    seen.push(await checkpointChangedBelow({ ...files, walk: async () => next }, state));
  expect(seen).toEqual([false, false, true]);
});

test("the files a pattern finds are looked at like those of a folder, and no others", async () => {
  mkdirSync(join(cwd, "state"));
  write("state/1.json", "1", 1_000);
  const state = await stateOf("state/*.json");
  expect(walkIsDue(state)).toBe(true);
  expect(await below(state), "the first walk has nothing to compare with").toBe(false);
  expect(walkIsDue(state)).toBe(false);
  write("state/other.txt", "1", 1_001);
  expect(await below(state)).toBe(false);
  write("state/2.json", "1", 1_001);
  expect([await below(state), await below(state)]).toEqual([true, false]);
  expect(await look(state)).toBe("same");
});
