import { expect, test } from "vitest";
import { aProcess } from "@/test/some-processes";
import type { ProcessMakeup } from "./processes";
import { mayBeForking } from "./program-of";

const lines = new Map<number, string>();
const processes = {
  makeup: (pid: number): ProcessMakeup | null => {
    const line = lines.get(pid);
    const argv = line === undefined || line === "" ? [] : line.split(" ");
    return line === undefined
      ? null
      : { argv, catches: new Set(), ignores: new Set(), input: null, output: null };
  },
};
const shell = aProcess({ pid: 100, startTicks: 1 });
const child = aProcess({ pid: 101, startTicks: 2 }, { parent: 100 });

test.each([
  ["still has its shell's command line", "sh crawl.sh", true],
  ["has become its program", "sleep 1", false],
  ["has none, as in the middle of exec", "", true],
])("a child that %s: %s", (_, line, forking) => {
  lines.clear();
  lines.set(100, "sh crawl.sh").set(101, line);
  expect(mayBeForking(processes, [shell, child], [child])).toBe(forking);
});

test("a program by itself is not about to become another, whatever its parent outside is called", () => {
  lines.clear();
  lines.set(100, "sh crawl.sh").set(101, "sh crawl.sh");
  expect(mayBeForking(processes, [child], [child])).toBe(false);
  expect(mayBeForking(processes, [shell, child], [shell])).toBe(false);
});
