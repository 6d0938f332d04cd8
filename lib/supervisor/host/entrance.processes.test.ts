import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { findCgroups } from "./cgroups";
import { entrance } from "./entrance";
import { whereWeAre } from "./where";

const { mode, why } = findCgroups(`entrance of ${process.pid}`);
const noGroups = mode === "none" ? ` (skipped: ${why})` : "";
const ours = () => readFileSync("/proc/self/cgroup", "utf8");

describe.skipIf(noGroups !== "")(`entering our own group${noGroups}`, () => {
  const { folder } = whereWeAre(readFileSync("/proc/self/mountinfo", "utf8"), ours()) ?? expect.fail();
  const move = (to: string) => writeFileSync(join(to, "cgroup.procs"), String(process.pid));

  test("leaves us where we are, also where another has put us since", async () => {
    const enter = entrance();
    const before = ours();
    await enter();
    expect(ours()).toBe(before);

    const other = join(folder, `unstuck-test-${process.pid}`);
    mkdirSync(other);
    onTestFinished(() => {
      move(folder);
      rmdirSync(other);
    });
    move(other);
    const moved = ours();
    expect(moved).not.toBe(before);
    await wait(10);
    await enter();
    expect(ours()).toBe(moved);
  });
});

test("asked for by many at once it is done once, and never rejects", async () => {
  const enter = entrance();
  const first = enter();
  expect(enter()).toBe(first);
  await expect(first).resolves.toBeUndefined();
});

test("when it cannot be read where we are, the next start tries again", async () => {
  let looks = 0;
  const enter = entrance(() => {
    looks += 1;
    throw new Error("EMFILE");
  });
  await enter();
  await wait(10);
  await enter();
  expect(looks).toBe(2);
});
