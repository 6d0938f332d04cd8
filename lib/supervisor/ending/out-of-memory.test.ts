import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NO_LIMITS } from "@/lib/domain/job";
import { aJob, aQueuedRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { outOfMemory } from "./out-of-memory";

const run = aQueuedRun(aJob({ limits: { ...NO_LIMITS, memoryBytes: 32_000_000 } }));
const tree = { marker: "run.token", launcher: null, payload: null, sessions: new Map<number, number>() };

/** What the kernel shows of a group that held a run. */
function group(events: string, peak: string | null): string {
  const folder = join(temporaryFolder(), "run_1");
  mkdirSync(folder);
  writeFileSync(join(folder, "memory.events"), events);
  writeFileSync(join(folder, "memory.current"), "0\n");
  if (peak !== null) writeFileSync(join(folder, "memory.peak"), peak);
  return folder;
}

test("a kill that the kernel counted in the run's group is proof, told with limit and peak", () => {
  const { outOfMemory: words } = outOfMemory({
    run,
    tree: { ...tree, group: group("oom 1\noom_kill 3\n", "31900000\n") },
  });
  expect(words).toBe(
    "Killed by the kernel for its memory. The job allows 32 MB in all. It had used up to 32 MB.",
  );
});

test("without a peak (before Linux 5.19) the limit alone is told", () => {
  const { outOfMemory: words } = outOfMemory({ run, tree: { ...tree, group: group("oom_kill 1\n", null) } });
  expect(words).toBe("Killed by the kernel for its memory. The job allows 32 MB in all.");
});

test("a group that only came to its limit, one that is gone, and no group at all prove nothing", () => {
  expect(outOfMemory({ run, tree: { ...tree, group: group("max 99\noom 2\noom_kill 0\n", "1\n") } })).toEqual(
    {},
  );
  expect(outOfMemory({ run, tree: { ...tree, group: "/no/such/group" } })).toEqual({});
  expect(outOfMemory({ run, tree })).toEqual({});
});
