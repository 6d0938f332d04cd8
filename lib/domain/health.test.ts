import { describe, expect, test } from "vitest";
import { aRun, T0 } from "@/test/factories";
import { DEFAULT_STUCK_AFTER_MS, duration, type Health, judgeHealth, type Observation } from "./health";
import { isFinal, RUN_STATES, type Run } from "./run";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const SILENCE_MS = 10 * MINUTE;
const STARTED = T0 + 2_000;

const SEEN: Observation = { processAlive: true, usualGapMs: null, stuckAfterMs: DEFAULT_STUCK_AFTER_MS };

function health(run: Run, now: number, seen: Partial<Observation> = {}): Health | undefined {
  return judgeHealth(run, { ...SEEN, ...seen }, now)?.health;
}

describe("a running run", () => {
  const CASES: readonly (readonly [string, Partial<Run>, Partial<Observation>, number, Health])[] = [
    ["that wrote a moment ago", { lastLifeAt: STARTED + HOUR }, {}, STARTED + HOUR + 1_000, "healthy"],
    ["silent for exactly its timeout", { lastLifeAt: STARTED }, {}, STARTED + SILENCE_MS, "healthy"],
    ["silent for longer than its timeout", { lastLifeAt: STARTED }, {}, STARTED + SILENCE_MS + 1, "silent"],
    ["that never spoke, younger than its timeout", {}, {}, STARTED + SILENCE_MS, "healthy"],
    ["that never spoke, counted from its start", {}, {}, STARTED + SILENCE_MS + 1, "silent"],
    ["24 h old and talking", { lastLifeAt: STARTED + 30 * HOUR }, {}, STARTED + 30 * HOUR, "healthy"],
    ["over 24 h old and silent", { lastLifeAt: STARTED }, {}, STARTED + 24 * HOUR + 1, "stuck"],
    ["exactly 24 h old and silent", { lastLifeAt: STARTED }, {}, STARTED + 24 * HOUR, "silent"],
    ["48 h old under a threshold of 72 h", {}, { stuckAfterMs: 72 * HOUR }, STARTED + 48 * HOUR, "silent"],
    ["whose process is not there", { lastLifeAt: STARTED }, { processAlive: false }, STARTED + 1, "orphaned"],
    ["nobody has looked at yet", {}, { processAlive: null }, STARTED + 1, "healthy"],
    [
      "later than three usual gaps",
      { lastLifeAt: STARTED },
      { usualGapMs: MINUTE },
      STARTED + 3 * MINUTE + 1,
      "late",
    ],
    ["at three usual gaps", { lastLifeAt: STARTED }, { usualGapMs: MINUTE }, STARTED + 3 * MINUTE, "healthy"],
    [
      "with tiny gaps, within half a minute",
      { lastLifeAt: STARTED },
      { usualGapMs: 10 },
      STARTED + 30_000,
      "healthy",
    ],
    [
      "with tiny gaps, after half a minute",
      { lastLifeAt: STARTED },
      { usualGapMs: 10 },
      STARTED + 30_001,
      "late",
    ],
  ];
  for (const [what, changes, seen, now, expected] of CASES) {
    test(`${what} is ${expected}`, () => {
      expect(health(aRun("running", { startedAt: STARTED, ...changes }), now, seen)).toBe(expected);
    });
  }
});

describe("a run on its way", () => {
  test("E12 that waits in the queue is healthy however long, and says what it waits for", () => {
    const run = aRun("queued", { waitingFor: "lock shared:shop, held by run_x" });
    expect(judgeHealth(run, SEEN, T0 + 100 * HOUR)).toEqual({
      health: "healthy",
      evidence: [{ fact: "waits for", value: "lock shared:shop, held by run_x", at: T0 }],
    });
  });

  test("that starts for longer than its start timeout is overdue", () => {
    const run = aRun("starting", { claimedAt: T0 });
    expect(health(run, T0 + 60_000)).toBe("healthy");
    expect(health(run, T0 + 60_001)).toBe("overdue");
  });

  test("that stops for longer than its grace and a minute is overdue", () => {
    const run = aRun("stopping", { stopRequestedAt: T0, graceMs: 5_000 });
    expect(health(run, T0 + 65_000)).toBe("healthy");
    expect(health(run, T0 + 65_001)).toBe("overdue");
  });
});

test("a final run has no health, whatever anybody saw", () => {
  for (const state of RUN_STATES.filter(isFinal))
    expect(judgeHealth(aRun(state), { ...SEEN, processAlive: false }, T0 + 1)).toBeNull();
});

test("every verdict on a live run carries evidence with values to read", () => {
  for (const state of RUN_STATES.filter((one) => !isFinal(one))) {
    const verdict = judgeHealth(aRun(state), SEEN, T0 + HOUR);
    expect(verdict?.evidence.length, state).toBeGreaterThan(0);
    for (const { fact, value } of verdict?.evidence ?? []) expect([fact, value]).not.toContain("");
  }
});

test("the evidence of a run without a sign of life says so instead of giving a time", () => {
  const verdict = judgeHealth(aRun("running", { lastLifeAt: null }), SEEN, T0 + HOUR);
  expect(verdict?.evidence).toContainEqual({
    fact: "last sign of life",
    value: "none since the start",
    at: null,
  });
});

describe("duration", () => {
  const CASES = [
    [0, "0 ms"],
    [-5, "0 ms"],
    [999, "999 ms"],
    [1_000, "1 s"],
    [1_999, "1 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [90_000, "1 min 30 s"],
    [HOUR, "1 h"],
    [HOUR + 5_000, "1 h 5 s"],
    [2 * HOUR + 3 * MINUTE + 4_000, "2 h 3 min"],
    [86_400_000, "1 d"],
    [90 * 86_400_000 + 5 * HOUR, "90 d 5 h"],
  ] as const;
  for (const [ms, text] of CASES) test(`${ms} ms is "${text}"`, () => expect(duration(ms)).toBe(text));
});
