import { describe, expect, test } from "vitest";
import { JOB_KINDS } from "./job";
import type { SignalStep } from "./signal-profile";
import {
  afterKindChange,
  earlierSignals,
  graceOf,
  profileProblem,
  signalForOthers,
  stepDue,
  usualSignals,
  withGrace,
} from "./signals";

const three: readonly SignalStep[] = [
  { signal: "SIGUSR1", waitMs: 5_000 },
  { signal: "SIGINT", waitMs: 3_000 },
  { signal: "SIGTERM", waitMs: 2_000 },
];

test("FR-A2 every kind is asked by a signal it can answer, goes to its program, and has time to save", () => {
  expect(
    JOB_KINDS.map((kind) => [kind, usualSignals(kind).to, usualSignals(kind).sequence[0]?.signal]),
  ).toEqual([
    ["command", "program", "SIGTERM"],
    ["scrapy", "program", "SIGINT"],
    ["crawlee", "program", "SIGINT"],
  ]);
  for (const kind of JOB_KINDS) expect(graceOf(usualSignals(kind))).toBeGreaterThanOrEqual(10_000);
});

test("FR-F4 jobs of an earlier version keep what they had, but a crawl is no longer asked through its wrappers", () => {
  expect(earlierSignals("command", 700)).toEqual({
    to: "tree",
    sequence: [{ signal: "SIGTERM", waitMs: 700 }],
  });
  expect(earlierSignals("scrapy", 700)).toEqual({
    to: "program",
    sequence: [{ signal: "SIGINT", waitMs: 700 }],
  });
});

describe("FR-A2 another grace", () => {
  test.each([
    [10_000, three],
    [9_000, [three[0], three[1], { signal: "SIGTERM", waitMs: 1_000 }]],
    [8_000, [three[0], three[1]]],
    [6_000, [three[0], { signal: "SIGINT", waitMs: 1_000 }]],
    [1, [{ signal: "SIGUSR1", waitMs: 1 }]],
    [0, [{ signal: "SIGUSR1", waitMs: 0 }]],
    [60_000, [three[0], three[1], { signal: "SIGTERM", waitMs: 52_000 }]],
  ])("of %i ms cuts a sequence from its end, or gives its last step more", (graceMs, sequence) => {
    expect(withGrace(three, graceMs)).toEqual(sequence);
    expect(graceOf({ sequence: withGrace(three, graceMs) })).toBe(graceMs);
  });
});

test("FR-A2 each step is due at its time, and none at all that a shorter grace has cut off", () => {
  const due = (graceMs: number) =>
    [0, 4_999, 5_000, 7_999, 8_000, 99_000].map((at) => stepDue(three, at, graceMs));
  expect(due(10_000)).toEqual([0, 0, 1, 1, 2, 2]);
  expect(due(8_000)).toEqual([0, 0, 1, 1, 1, 1]);
  expect(due(3_000)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(due(900_000)).toEqual([0, 0, 1, 1, 2, 2]);
});

test("FR-F3 a crawl takes one signal only, because a second ends it at once", () => {
  expect(profileProblem("command", { sequence: three })).toBeNull();
  expect(profileProblem("scrapy", { sequence: three.slice(1, 2) })).toBeNull();
  for (const kind of ["scrapy", "crawlee"] as const)
    expect(profileProblem(kind, { sequence: three })).toMatch(/takes one signal, found 3/);
});

test("FR-A2 a job whose kind changes is asked by the new kind's signal, unless another was chosen", () => {
  const grace = { to: "group", sequence: [{ signal: "SIGTERM", waitMs: 4_000 }] } as const;
  expect(afterKindChange(grace, "command", "scrapy")).toEqual({
    to: "group",
    sequence: [{ signal: "SIGINT", waitMs: 4_000 }],
  });
  const chosen = { to: "program", sequence: [{ signal: "SIGHUP", waitMs: 4_000 }] } as const;
  expect(afterKindChange(chosen, "command", "scrapy")).toEqual(chosen);
});

test("FR-F4 helpers are asked by a signal that means the same to every program", () => {
  const of = (...signals: SignalStep["signal"][]) =>
    signalForOthers({ sequence: signals.map((signal) => ({ signal, waitMs: 1 })) });
  expect(of("SIGINT")).toBe("SIGINT");
  expect(of("SIGUSR1", "SIGHUP")).toBe("SIGHUP");
  expect(of("SIGUSR2")).toBe("SIGTERM");
  expect(of("SIGQUIT", "SIGWINCH")).toBe("SIGTERM");
});
