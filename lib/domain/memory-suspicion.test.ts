import { expect, test } from "vitest";
import { judgeExit } from "./exit";
import { smellsOfMemoryLimit } from "./memory-suspicion";

const LIMIT = 500_000_000;

test("FR-A3 an end that smells of RLIMIT_DATA names the limit and what it counts", () => {
  const said = [
    "RuntimeError: can't start new thread",
    "MemoryError",
    "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 2.98 GiB",
    "terminate called after throwing an instance of 'std::bad_alloc'",
    "bash: fork: Cannot allocate memory",
    "Error: spawn ENOMEM",
    "java.lang.OutOfMemoryError: unable to create native thread",
    "runtime: failed to create new OS thread (have 5 already; errno=11)",
    "memory allocation of 1048576 bytes failed",
  ];
  for (const words of said)
    expect(smellsOfMemoryLimit(words, LIMIT), words).toMatch(
      /500 MB for each process.*stacks of all threads/,
    );
});

test("FR-A3 it is not named where there is none, or where nothing points to it", () => {
  expect(smellsOfMemoryLimit("MemoryError", null)).toBeNull();
  expect(smellsOfMemoryLimit(null, LIMIT)).toBeNull();
  expect(smellsOfMemoryLimit("ValueError: no MemoryErrors here", LIMIT)).toBeNull();
});

test("FR-A3 a crash tells its evidence too, and what was ended from outside does not", () => {
  const evidence = "The job's memory limit may be why.";
  expect(judgeExit({ code: null, signal: "SIGABRT" }, null, evidence).reason).toMatch(
    /^Crashed with SIGABRT.* may be why\.$/,
  );
  expect(judgeExit({ code: null, signal: "SIGTERM" }, null, evidence).reason).not.toContain("may be why");
});
