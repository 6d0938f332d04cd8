import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aRun, T0 } from "@/test/factories";
import {
  DEFAULT_STUCK_AFTER_MS,
  duration,
  type Health,
  judgeHealth,
  mergeFacts,
  type Observation,
  RHYTHM,
} from "./health";
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
      "quiet because it waits for something by itself",
      { lastLifeAt: STARTED },
      { waits: { what: "its own locks until 14:03", until: STARTED + HOUR }, usualGapMs: 1_000 },
      STARTED + SILENCE_MS + 1,
      "healthy",
    ],
    [
      "whose process is not there, whatever it waited for",
      { lastLifeAt: STARTED },
      { waits: { what: "its own locks until 14:03", until: STARTED + HOUR }, processAlive: false },
      STARTED + 1,
      "orphaned",
    ],
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
    value: "none in 59 min 58 s",
    at: null,
  });
});

describe("what was measured on a clock that nobody sets", () => {
  const FRESH = { quietMs: 1_000, ranMs: HOUR, stoppingMs: 1_000 };
  const ON_THEIR_WAY = [
    aRun("running", { startedAt: STARTED, lastLifeAt: STARTED + HOUR }),
    aRun("starting", { claimedAt: T0 }),
    aRun("stopping", { stopRequestedAt: T0, graceMs: 5_000 }),
  ];

  test("is believed whatever the wall clock says, so no jump of it makes or ends a verdict", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000 * HOUR, max: 1_000 * HOUR }), (jump) => {
        for (const run of ON_THEIR_WAY) {
          const elapsed = { ...FRESH, ranMs: run.state === "starting" ? 1_000 : HOUR };
          expect(health(run, T0 + jump, { elapsed, usualGapMs: MINUTE }), run.state).toBe("healthy");
        }
        const silent = { ...FRESH, quietMs: SILENCE_MS + 1 };
        expect(health(aRun("running"), T0 + jump, { elapsed: silent })).toBe("silent");
      }),
    );
  });

  test("makes a run late, silent and stuck as time passes", () => {
    const at = (quietMs: number, ranMs = HOUR) =>
      health(aRun("running"), T0, { usualGapMs: 20_000, elapsed: { quietMs, ranMs, stoppingMs: null } });
    expect([at(60_000), at(60_001), at(SILENCE_MS), at(SILENCE_MS + 1)]).toEqual([
      "healthy",
      "late",
      "late",
      "silent",
    ]);
    expect(at(SILENCE_MS + 1, 25 * HOUR)).toBe("stuck");
  });
});

test("without anything measured a clock that was set back makes no run late or overdue", () => {
  for (const state of ["starting", "running", "stopping"] as const)
    expect(health(aRun(state), T0 - HOUR, { usualGapMs: 1_000 }), state).toBe("healthy");
});

test("the evidence says how often it usually speaks, for how long it is quiet when late, and which sign was the last", () => {
  const rhythm = (quietMs: number) =>
    judgeHealth(
      aRun("running"),
      {
        ...SEEN,
        usualGapMs: 20_000,
        lastLifeSource: "checkpoint",
        elapsed: { quietMs, ranMs: HOUR, stoppingMs: null },
      },
      T0,
    )?.evidence;
  expect(rhythm(1_000)).toContainEqual({ fact: RHYTHM, value: "usually prints every 20 s", at: null });
  expect(rhythm(120_000)).toContainEqual({
    fact: RHYTHM,
    value: "usually prints every 20 s; quiet for 2 min",
    at: null,
  });
  expect(rhythm(0)).toContainEqual({ fact: "the last sign was", value: "its checkpoint changed", at: null });
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

describe("UX-A3 the last sign of life", () => {
  const life = (now: number, changes: Partial<Run> = {}) =>
    judgeHealth(aRun("running", { startedAt: STARTED, ...changes }), SEEN, now)?.evidence.find(
      ({ fact }) => fact === "last sign of life",
    )?.value;

  test("is not called missing before anybody has looked for one", () => {
    expect(life(STARTED + 1_999)).toBe("not checked yet (every 2 s)");
    expect(life(STARTED + 12_000)).toBe("none in 12 s");
    expect(life(STARTED + 1_000, { lastLifeAt: STARTED })).toBe("1 s ago");
  });

  test("stands among the evidence once, whatever rests on it", () => {
    const one = { fact: "last sign of life", value: "just now", at: null };
    const other = { ...one, value: "5 s ago" };
    const more = { fact: "checkpoint", value: "none", at: null };
    expect(mergeFacts([one], [more, other], [other])).toEqual([one, more]);
  });
});

test("what a run waits for stands in the evidence, with its end, and its rhythm is not told as late", () => {
  const waits = {
    what: "its own locks until 14:03: 12 requests are still locked by the run before it",
    until: T0,
  };
  const seen = { ...SEEN, usualGapMs: 1_000, waits };
  const evidence = judgeHealth(aRun("running", { lastLifeAt: STARTED }), seen, STARTED + HOUR)?.evidence;
  expect(evidence).toContainEqual({ fact: "waits for", value: waits.what, at: T0 });
  expect(evidence?.find(({ fact }) => fact === RHYTHM)?.value).not.toContain("quiet for");
});
