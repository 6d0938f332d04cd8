import fc from "fast-check";
import { expect, test } from "vitest";
import { aJob, jobId } from "@/test/factories";
import { lockNames, toRunSpec } from "./job";

test("D1 every job holds a lock of its own, also when it names no other", () => {
  expect(lockNames(jobId("shop"), [])).toEqual(["job:shop"]);
});

test("shared locks come after it, sorted, each once, and cannot be mistaken for another job's own lock", () => {
  expect(lockNames(jobId("shop"), ["z.example", "job:other", "a.example", "z.example"])).toEqual([
    "job:shop",
    "shared:a.example",
    "shared:job:other",
    "shared:z.example",
  ]);
});

test("any two jobs take the locks they share in the same order, so they cannot wait for each other in a ring", () => {
  const names = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 8 });
  fc.assert(
    fc.property(names, names, (left, right) => {
      const ofLeft = lockNames(jobId("left"), left);
      const ofRight = lockNames(jobId("right"), right);
      const common = (mine: readonly string[], theirs: readonly string[]) =>
        mine.filter((name) => theirs.includes(name));
      expect(common(ofLeft, ofRight)).toEqual(common(ofRight, ofLeft));
      expect(new Set(ofLeft).size).toBe(ofLeft.length);
    }),
  );
});

test("B5 a run keeps its job's settings as they were, with the arguments added for this run", () => {
  const job = aJob({ argv: ["node", "a.mjs"], env: { MODE: "full" }, locks: ["shop"] });
  const spec = toRunSpec(job, ["--page", "2"], false);
  expect(spec).toMatchObject({
    kind: job.kind,
    argv: ["node", "a.mjs", "--page", "2"],
    cwd: job.cwd,
    env: { MODE: "full" },
    checkpoint: job.checkpoint,
    timeouts: job.timeouts,
    onSilence: job.onSilence,
    locks: ["shop"],
  });
  expect(job.argv, "the job itself is not changed").toEqual(["node", "a.mjs"]);
});
