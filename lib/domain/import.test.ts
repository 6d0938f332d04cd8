import { expect, test } from "vitest";
import { anImportedRow, T0 } from "@/test/factories";
import { claimsToRunOn, importedTimes, rowProblem, zombieReason } from "./import";

const NOW = T0 + 86_400_000;

test.each([
  ["a plain row", {}, null],
  ["no times at all", { startedAt: null }, null],
  ["a clock a little ahead", { startedAt: NOW + 60_000 }, null],
  ["a start in the future", { startedAt: NOW + 3_600_000 }, /startedAt lies 1 h.* in the future/],
  ["an end in the future", { endedAt: NOW + 3_600_000 }, /endedAt lies/],
  ["a time before 1970", { startedAt: -1 }, /before 1970/],
  ["an end a second before the start, as rounding makes it", { endedAt: T0 - 1_000 }, null],
  ["an end before the start", { endedAt: T0 - 3_000 }, /ends before it starts/],
])("%s is judged by its times", (_what, changes, expected) => {
  const problem = rowProblem(anImportedRow(changes), NOW);
  if (expected === null) expect(problem).toBeNull();
  else expect(problem).toMatch(expected);
});

test("what a row does not tell of its times is filled in no later than what it does", () => {
  expect(importedTimes(anImportedRow({ endedAt: T0 + 5 }), NOW)).toEqual({
    queuedAt: T0,
    startedAt: T0,
    endedAt: T0 + 5,
  });
  expect(importedTimes(anImportedRow({ lastActivityAt: T0 + 3 }), NOW).endedAt).toBe(T0 + 3);
  expect(importedTimes(anImportedRow(), NOW).endedAt).toBe(T0);
  expect(importedTimes(anImportedRow({ startedAt: null }), NOW)).toEqual({
    queuedAt: NOW,
    startedAt: null,
    endedAt: NOW,
  });
  // Activity before the start, as clocks of two machines make it: still no end before the start.
  expect(importedTimes(anImportedRow({ lastActivityAt: T0 - 9 }), NOW).endedAt).toBe(T0);
});

test("a process is looked for only when the row claims that one runs on this host", () => {
  const here = "scraper1.example.com";
  expect(claimsToRunOn(anImportedRow(), here)).toBe(true);
  expect(claimsToRunOn(anImportedRow({ host: "SCRAPER1" }), here)).toBe(true);
  expect(claimsToRunOn(anImportedRow({ host: "scraper1.example.com" }), "scraper1")).toBe(true);
  for (const host of ["localhost", "127.0.0.1", "::1"])
    expect(claimsToRunOn(anImportedRow({ host }), here)).toBe(true);
  expect(claimsToRunOn(anImportedRow({ host: "scraper2" }), here)).toBe(false);
  expect(claimsToRunOn(anImportedRow({ pid: null }), here)).toBe(false);
  expect(claimsToRunOn(anImportedRow({ state: "completed" }), here)).toBe(false);
});

test("the reason says why a row that claims to be active is not", () => {
  expect(zombieReason(anImportedRow(), "legacy", "here")).toBe(
    "Imported as running from legacy; its process 77 is gone.",
  );
  expect(zombieReason(anImportedRow({ host: "there" }), "legacy", "here")).toMatch(/it ran on there/);
  expect(zombieReason(anImportedRow({ hostIsUnsure: true }), "legacy", "here")).toMatch(/is not known\.$/);
  expect(zombieReason(anImportedRow({ pid: null }), "legacy", "here")).toMatch(/names no process/);
});
