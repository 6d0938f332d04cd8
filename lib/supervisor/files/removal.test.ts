import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { laterRemoval } from "./removal";

function withFakeTime() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
}

test("folders are removed one after the other once none has come for half a second", async () => {
  withFakeTime();
  const begun: string[] = [];
  const free: (() => void)[] = [];
  const removal = laterRemoval((folder) => {
    begun.push(folder);
    return new Promise((resolve) => free.push(resolve));
  });
  const first = removal.remove("a");
  await vi.advanceTimersByTimeAsync(499);
  const second = removal.remove("b");
  await vi.advanceTimersByTimeAsync(499);
  expect(begun).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun, "one at a time").toEqual(["a"]);
  free[0]?.();
  await first;
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(["a", "b"]);
  free[1]?.();
  await second;
});

test("while runs keep ending the first folder waits five seconds at most", async () => {
  withFakeTime();
  const begun: string[] = [];
  const removal = laterRemoval(async (folder) => void begun.push(folder));
  for (let count = 0; count < 25; count += 1) {
    void removal.remove(`${count}`);
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(begun.length).toBe(25);
});

test("a folder that cannot be removed is told, and keeps none of the others; what waits is removed at once when asked for", async () => {
  const own = temporaryFolder();
  const [a, b] = [join(own, "a"), join(own, "b")];
  mkdirSync(b);
  writeFileSync(join(b, "claim"), "");
  const removal = laterRemoval(async (folder) => {
    if (folder === a) throw new Error("no");
    const { rm } = await import("node:fs/promises");
    await rm(folder, { recursive: true });
  });
  const failed = expect(removal.remove(a)).rejects.toThrow("no");
  const removed = removal.remove(b);
  await removal.finish();
  await failed;
  await removed;
  expect(existsSync(b)).toBe(false);
});
