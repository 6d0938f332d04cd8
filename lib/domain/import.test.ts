import { expect, test } from "vitest";
import { jobId, T0 } from "@/test/factories";
import { canBeIts, claimsToRunOn, type ImportedRow, importedTimes, rowProblem, zombieReason } from "./import";

function aRow(changes: Partial<ImportedRow> = {}): ImportedRow {
  return {
    job: jobId("nightly"),
    externalId: "1",
    state: "running",
    startedAt: T0,
    endedAt: null,
    lastActivityAt: null,
    pid: 77,
    host: null,
    progress: null,
    checkpoint: null,
    exitCode: null,
    error: null,
    ...changes,
  };
}

const NOW = T0 + 86_400_000;

test.each([
  ["a plain row", {}, null],
  ["no times at all", { startedAt: null }, null],
  ["a clock a little ahead", { startedAt: NOW + 60_000 }, null],
  ["a start in the future", { startedAt: NOW + 3_600_000 }, /startedAt lies 1 h.* in the future/],
  ["an end in the future", { endedAt: NOW + 3_600_000 }, /endedAt lies/],
  ["a time before 1970", { startedAt: -1 }, /before 1970/],
  ["an end before the start", { endedAt: T0 - 1 }, /ends before it starts/],
])("%s is judged by its times", (_what, changes, expected) => {
  const problem = rowProblem(aRow(changes), NOW);
  if (expected === null) expect(problem).toBeNull();
  else expect(problem).toMatch(expected);
});

test("what a row does not tell of its times is filled in no later than what it does", () => {
  expect(importedTimes(aRow({ endedAt: T0 + 5 }), NOW)).toEqual({
    queuedAt: T0,
    startedAt: T0,
    endedAt: T0 + 5,
  });
  expect(importedTimes(aRow({ lastActivityAt: T0 + 3 }), NOW).endedAt).toBe(T0 + 3);
  expect(importedTimes(aRow(), NOW).endedAt).toBe(T0);
  expect(importedTimes(aRow({ startedAt: null }), NOW)).toEqual({
    queuedAt: NOW,
    startedAt: null,
    endedAt: NOW,
  });
  // Activity before the start, as clocks of two machines make it: still no end before the start.
  expect(importedTimes(aRow({ lastActivityAt: T0 - 9 }), NOW).endedAt).toBe(T0);
});

test("a process is looked for only when the row claims that one runs on this host", () => {
  const here = "scraper1.example.com";
  expect(claimsToRunOn(aRow(), here)).toBe(true);
  expect(claimsToRunOn(aRow({ host: "SCRAPER1" }), here)).toBe(true);
  expect(claimsToRunOn(aRow({ host: "scraper1.example.com" }), "scraper1")).toBe(true);
  expect(claimsToRunOn(aRow({ host: "scraper2" }), here)).toBe(false);
  expect(claimsToRunOn(aRow({ pid: null }), here)).toBe(false);
  expect(claimsToRunOn(aRow({ state: "completed" }), here)).toBe(false);
});

test("a process that was started well after the row is a later owner of the number", () => {
  expect(canBeIts(aRow(), T0 - 1_000_000)).toBe(true);
  expect(canBeIts(aRow(), T0 + 30_000)).toBe(true);
  expect(canBeIts(aRow(), T0 + 120_000)).toBe(false);
  // Where the row does not say when, nothing speaks against it.
  expect(canBeIts(aRow({ startedAt: null }), NOW)).toBe(true);
  expect(canBeIts(aRow({ startedAt: null, lastActivityAt: T0 }), NOW)).toBe(false);
});

test("the reason says why a row that claims to be active is not", () => {
  expect(zombieReason(aRow(), "legacy", "here")).toBe(
    "Imported as running from legacy; its process 77 is gone.",
  );
  expect(zombieReason(aRow({ host: "there" }), "legacy", "here")).toMatch(/it ran on there/);
  expect(zombieReason(aRow({ pid: null }), "legacy", "here")).toMatch(/names no process/);
});
