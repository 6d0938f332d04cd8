import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import {
  cpuMsOf,
  isInhabited,
  killGroup,
  memoryOf,
  numberAfter,
  oomKillsIn,
  pidsIn,
  writeInto,
} from "./group";

/** A folder with files as the kernel would show them. */
function like(files: Record<string, string>): string {
  const folder = join(temporaryFolder(), "run_1");
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test("the kernel's files are read", () => {
  const group = like({
    "cgroup.procs": "12\n345\n",
    "cgroup.events": "populated 1\nfrozen 0\n",
    "cpu.stat": "usage_usec 1500400\nuser_usec 1\n",
    "memory.current": "4096\n",
    "memory.peak": "8192\n",
    "memory.events": "low 0\nhigh 0\nmax 9\noom 1\noom_kill 2\noom_group_kill 1\n",
  });
  expect([...pidsIn(group)]).toEqual([12, 345]);
  expect(isInhabited(group)).toBe(true);
  expect(cpuMsOf(group)).toBe(1_500);
  expect(memoryOf(group)).toEqual({ now: 4_096, peak: 8_192 });
  expect(oomKillsIn(group)).toBe(2);
});

test("a group that is gone is empty, counts nothing and kills nobody", () => {
  const group = join(temporaryFolder(), "gone");
  expect([...pidsIn(group)]).toEqual([]);
  expect([isInhabited(group), killGroup(group), cpuMsOf(group), memoryOf(group), oomKillsIn(group)]).toEqual([
    false,
    false,
    null,
    null,
    0,
  ]);
});

test("an empty group is not killed, and nothing is created in what is no group", () => {
  const group = like({ "cgroup.events": "populated 0\nfrozen 0\n" });
  expect(killGroup(group)).toBe(false);
  expect(writeInto(join(group, "cgroup.kill"), "1")).toBe(false);
  expect(existsSync(join(group, "cgroup.kill"))).toBe(false);
});

test("a name that merely begins alike, or a value that is no number, is none", () => {
  expect(numberAfter("oom_kill_other 5\noom_kill 3\n", "oom_kill")).toBe(3);
  expect([numberAfter("oom 1", "oom_kill"), numberAfter("x max", "x"), numberAfter(null, "x")]).toEqual([
    null,
    null,
    null,
  ]);
});
