import { afterEach, beforeEach, expect, test } from "vitest";
import { HealthView } from "@/lib/contracts/health";
import { AppError } from "@/lib/domain/errors";
import { slot } from "@/lib/slot.mjs";
import { expectAsPromised } from "@/test/as-promised";
import { readHealth } from "./health";

let before: ReturnType<typeof slot>;
beforeEach(() => {
  before = { ...slot() };
});
afterEach(() => {
  Object.assign(slot(), before);
});

const app = (changes: { unconfirmed?: unknown; disk?: unknown } = {}) => ({
  folder: { unconfirmed: () => changes.unconfirmed ?? null },
  disk: { last: () => changes.disk ?? null },
  supervisor: { watchedCount: () => 3, unrecovered: () => [{}, {}] },
});

/** What is told while the process is in that state. */
function healthOf(booted: unknown) {
  slot().booted = booted;
  const health = readHealth();
  expectAsPromised(HealthView, health);
  return health;
}

test("before anything is up it says that it is booting, and does not fail", () => {
  expect(healthOf(null)).toMatchObject({
    status: "unavailable",
    supervisor: "booting",
    folder: null,
    disk: null,
    onShutdown: null,
    runsWatched: 0,
    uptimeMs: 0,
  });
});

test("only a process that is ready is well", () => {
  const status = (phase: string) => healthOf({ phase, since: Date.now(), app: app() }).status;
  expect(["ready", "stopping"].map(status)).toEqual(["ok", "unavailable"]);
  expect(healthOf({ phase: "booting", since: Date.now() }).status).toBe("unavailable");
});

test("one that did not come up says why", () => {
  const failure = new AppError("DATA_FOLDER_IN_USE", "Another dashboard holds it.");
  expect(healthOf({ phase: "failed", since: Date.now(), failure })).toMatchObject({
    status: "unavailable",
    supervisor: "failed",
    code: "DATA_FOLDER_IN_USE",
    reason: "Another dashboard holds it.",
  });
});

test("what it looks after, what it could not recover, its disk and its end are told", () => {
  const disk = { state: "low", freeBytes: 9, freePercent: 7, freeInodesPercent: null, at: 5 };
  slot().lifecycle = { ...noLifecycle, onShutdown: "stop" };
  expect(healthOf({ phase: "ready", since: Date.now(), app: app({ disk }) })).toMatchObject({
    runsWatched: 3,
    runsNotRecovered: 2,
    folder: "live",
    disk: { state: "low", freeBytes: 9, freePercent: 7, freeInodesPercent: null },
    onShutdown: "stop",
  });
});

test("a folder in doubt is told, and is no reason to call the process unwell", () => {
  const doubtful = app({ unconfirmed: { doubt: "copied" } });
  expect(healthOf({ phase: "ready", since: Date.now(), app: doubtful })).toMatchObject({
    status: "ok",
    folder: "unconfirmed",
  });
});

const noLifecycle = {
  endRuns: async () => undefined,
  hurry: () => undefined,
  letGo: async () => undefined,
};
