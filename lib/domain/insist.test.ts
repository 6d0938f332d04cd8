import { expect, test } from "vitest";
import { AppError, type ErrorCode } from "./errors";
import { insist, pauseAfter } from "./insist";
import { passes } from "./passing";

const locked = new AppError("DATABASE_LOCKED", "Locked.");
const fault = new TypeError("x is not a function");

test.each<[ErrorCode, boolean]>([
  ["DATABASE_LOCKED", true],
  ["DISK_FULL", true],
  ["SUPERVISOR_UNAVAILABLE", true],
  ["DATA_FOLDER_IN_USE", true],
  ["PATH_NOT_ANSWERING", true],
  ["HOST_EXHAUSTED", true],
  ["RUN_ALREADY_ACTIVE", false],
  ["JOB_DISABLED", false],
  ["DATABASE_CORRUPT", false],
])("CR-6.2 whether %s passes by itself is %s", (code, expected) =>
  expect(passes(new AppError(code, "Why."))).toBe(expected),
);

test("CR-6.2 being out of descriptors passes, a fault of our own does not", () => {
  expect(passes(Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" }))).toBe(true);
  expect(passes(Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" }))).toBe(false);
  expect(passes(fault)).toBe(false);
  expect(passes("DATABASE_LOCKED")).toBe(false);
});

test("CR-6.2 pauses between tries grow, up to 5 s for what passes and to a minute for a fault", () => {
  expect([0, 1, 2, 3, 100].map((tries) => pauseAfter(locked, tries))).toEqual([
    1_000, 2_000, 4_000, 5_000, 5_000,
  ]);
  expect([0, 3, 6, 5_000].map((tries) => pauseAfter(fault, tries))).toEqual([1_000, 8_000, 60_000, 60_000]);
});

test("CR-6.2 what must be done is tried until it is, and each failure is told", async () => {
  const told: unknown[] = [];
  let left = 3;
  const how = {
    signal: new AbortController().signal,
    pause: async () => {},
    failed: (_: unknown, ms: number) => told.push(ms),
  };
  const done = await insist(how, async () => {
    if (left-- > 0) throw locked;
    return "done";
  });
  expect([done, told]).toEqual(["done", [1_000, 2_000, 4_000]]);
});

test("CR-6.2 a dashboard that goes down stops trying, and tells of no failure that comes of that", async () => {
  const abort = new AbortController();
  const told: unknown[] = [];
  const how = { signal: abort.signal, pause: async () => {}, failed: (error: unknown) => told.push(error) };
  const done = await insist(how, async () => {
    abort.abort();
    throw locked;
  });
  expect([done, told]).toEqual([null, []]);
});
