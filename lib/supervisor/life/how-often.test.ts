import { expect, test } from "vitest";
import { aRun } from "@/test/factories";
import type { Watched } from "../watch/watched";
import { isTimeToLook } from "./how-often";
import { lifeOf } from "./life";

const SWEEP_MS = 2_000;
const BEGAN = 1_000_000;

/** A run that began at a moment, and what it has shown of itself. */
function aWatched(life: { spokeAt?: number; usualGapMs?: number } = {}, silenceMs = 3_600_000): Watched {
  const run = aRun("running");
  const { timeouts } = run.spec;
  const watched = {
    run: { ...run, spec: { ...run.spec, timeouts: { ...timeouts, silenceMs } } },
    startedAt: BEGAN,
  } as unknown as Watched;
  Object.assign(lifeOf(watched), life);
  return watched;
}

/** How long after the start it is looked at, by sweeps that come a little late each time. */
function looks(watched: Watched, untilMs: number): number[] {
  const found: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let now = BEGAN; now <= BEGAN + untilMs; now += SWEEP_MS + 3) {
    if (!isTimeToLook(watched, last, now)) continue;
    last = now;
    found.push(now - BEGAN);
  }
  return found;
}

function pauses(times: readonly number[]): number[] {
  return times.slice(1).map((at, index) => Math.round((at - (times[index] ?? 0)) / SWEEP_MS) * SWEEP_MS);
}

test("who is quiet is looked at after a quarter of its quiet, at last every ten seconds", () => {
  const times = looks(aWatched(), 300_000);
  expect(pauses(times).slice(0, 4)).toEqual([2_000, 2_000, 2_000, 2_000]);
  expect(new Set(pauses(times).slice(-10))).toEqual(new Set([10_000]));
  for (const [index, pause] of pauses(times).entries())
    expect(pause, String(times[index])).toBeLessThanOrEqual(
      Math.max(SWEEP_MS, (times[index] ?? 0) / 4 + SWEEP_MS / 2),
    );
});

test("who has spoken is looked at with every sweep again", () => {
  const watched = aWatched();
  const last = BEGAN + 600_000;
  expect(isTimeToLook(watched, last, last + SWEEP_MS)).toBe(false);
  lifeOf(watched).spokeAt = last + 500;
  expect(isTimeToLook(watched, last, last + SWEEP_MS)).toBe(true);
});

test("it is looked at in the sweep in which its quiet reaches its limit or becomes late, and not in every one after it", () => {
  for (const [watched, limit] of [
    [aWatched({}, 61_000), 61_000],
    [aWatched({ spokeAt: BEGAN, usualGapMs: 15_000 }), 45_000],
  ] as const) {
    const times = looks(watched, 200_000);
    const first = times.find((at) => at > limit);
    expect(first).toBeLessThanOrEqual(limit + SWEEP_MS + 3);
    expect(pauses(times).at(-1)).toBe(10_000);
  }
});
