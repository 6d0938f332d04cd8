import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeRunId } from "@/lib/domain/ids";
import { temporaryFolder } from "@/test/folders";
import {
  closeUsage,
  enterLook,
  isToMeasure,
  type Look,
  recentUsage,
  takeSample,
  usageOf,
  wasSaved,
} from "./run-usage";
import { addPoint, emptySeries, pointsOf } from "./series";

const ID = makeRunId(0, "a".repeat(10));
const fresh = () =>
  usageOf({ run: { cpuMs: null, peakMemoryBytes: null }, adopted: false, startedAt: performance.now() });
const look = (own: number, memoryBytes = 0): Look => ({
  readings: [{ pid: 1, startTicks: 1, own, children: 0 }],
  memoryBytes,
  processes: 1,
});

/** A folder that looks like a cgroup with the memory controller. */
function group(files: Record<string, string>): string {
  const folder = join(temporaryFolder(), "group");
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test("ticks become milliseconds, and the highest memory is kept", () => {
  const usage = fresh();
  enterLook(usage, look(3, 500), null, 10, 1_000);
  enterLook(usage, look(5, 200), null, 10, 6_000);
  expect(usage).toMatchObject({ cpuMs: 50, peakBytes: 500 });
  expect(pointsOf(usage.series)).toMatchObject([
    { at: 1_000, cpuMs: 30, memoryBytes: 500, processes: 1 },
    { at: 6_000, cpuMs: 50, memoryBytes: 200 },
  ]);
});

test("a sample has the most memory since the sample before, and there is none without a new look", () => {
  const usage = fresh();
  expect(takeSample(ID, usage)).toBeNull();
  enterLook(usage, look(1, 900), null, 10, 1_000);
  enterLook(usage, look(2, 100), null, 10, 2_000);
  expect(takeSample(ID, usage)).toMatchObject({ at: 2_000, cpuMs: 20, memoryBytes: 900, peakBytes: 900 });
  wasSaved(usage);
  expect(takeSample(ID, usage)).toBeNull();
  enterLook(usage, look(2, 100), null, 10, 3_000);
  expect(takeSample(ID, usage)).toMatchObject({ memoryBytes: 100, peakBytes: 900 });
});

test("a clock that is set back does not turn the series round", () => {
  const usage = fresh();
  for (const now of [10_000, 5_000, 5_001, 20_000]) enterLook(usage, look(1), null, 10, now);
  const times = pointsOf(usage.series).map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(new Set(times).size).toBe(4);
});

test("where there is a cgroup its books go before a sum over processes", () => {
  const folder = group({
    "cpu.stat": "usage_usec 7000000\nuser_usec 1\n",
    "memory.current": "4096\n",
    "memory.peak": "8192\n",
  });
  const usage = fresh();
  enterLook(usage, look(3, 500), folder, 10, 1_000);
  expect(usage).toMatchObject({ cpuMs: 7_000, peakBytes: 8_192 });
  expect(pointsOf(usage.series)).toMatchObject([{ memoryBytes: 4_096 }]);
});

test("a cgroup without the memory controller counts time only", () => {
  const usage = fresh();
  enterLook(usage, look(3, 500), group({ "cpu.stat": "usage_usec 7000000\n" }), 10, 1_000);
  expect(usage).toMatchObject({ cpuMs: 7_000, peakBytes: 500 });
});

test("a run that is taken over begins from what was known, and the time before makes no peak in the chart", () => {
  const usage = usageOf({
    run: { cpuMs: 60_000, peakMemoryBytes: 700 },
    adopted: true,
    startedAt: performance.now(),
  });
  enterLook(usage, look(9_000, 100), null, 10, 1_000);
  expect(usage).toMatchObject({ cpuMs: 90_000, peakBytes: 700 });
  expect(pointsOf(usage.series)).toEqual([]);
});

test("the end takes the launcher's account when it is higher, and never lowers anything", () => {
  const usage = fresh();
  closeUsage(usage, null, 0, 10);
  expect(usage).toMatchObject({ cpuMs: null, peakBytes: null });
  closeUsage(usage, null, 12, 10);
  expect(usage.cpuMs).toBe(120);
  closeUsage(usage, null, 5, 10);
  expect(usage.cpuMs).toBe(120);
});

test("the series keeps the newest 120 looks in order, however many there were", () => {
  const series = emptySeries();
  for (let at = 1; at <= 301; at += 1)
    addPoint(series, { at, cpuMs: at, cpuPercent: 0, memoryBytes: 0, processes: 1 });
  const points = pointsOf(series);
  expect(points).toHaveLength(120);
  expect([points[0]?.at, points.at(-1)?.at]).toEqual([182, 301]);
});

/** A run that has been looked at so often, using next to nothing, and its processes. */
function still(looks: number) {
  const usage = fresh();
  for (let index = 0; index < looks; index += 1) enterLook(usage, look(1, 6_400), null, 10, index);
  return usage;
}

test("a run that stands still is measured less and less often, at last every minute", () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((looks) => {
    const usage = still(looks);
    return [5, 10, 15, 20, 35, 40, 55, 60].find((s) =>
      isToMeasure(usage, [1], null, usage.takenAt + s * 1_000),
    );
  });
  expect(pauses).toEqual([5, 5, 10, 20, 40, 60, 60]);
});

test("it is measured in the next pass when it has another process, has given a sign of life, or is looked at", () => {
  const usage = still(6);
  const soon = usage.takenAt + 5_000;
  expect(isToMeasure(usage, [1], null, soon)).toBe(false);
  expect(isToMeasure(usage, [1], usage.takenAt - 1, soon)).toBe(false);
  for (const pids of [[1, 2], [2], []]) expect(isToMeasure(usage, pids, null, soon)).toBe(true);
  expect(isToMeasure(usage, [1], usage.takenAt + 1, soon)).toBe(true);
  expect(recentUsage(usage)).toHaveLength(6);
  expect(isToMeasure(usage, [1], null, soon)).toBe(true);
});

test("a run that uses processor time, memory or processes again does not stand still", () => {
  const busy: Look = look(1_000, 6_400);
  for (const other of [busy, look(1, 6_600), { ...look(1, 6_400), processes: 2 }]) {
    const usage = still(6);
    enterLook(usage, other, null, 10, 7);
    expect(isToMeasure(usage, [1], null, usage.takenAt + 5_000)).toBe(true);
  }
});

test("a series has room for the newest points, however many there were", () => {
  const series = emptySeries();
  const point = { cpuMs: 0, cpuPercent: 0, memoryBytes: 0, processes: 1 };
  for (let at = 0; at < 250; at += 1) {
    addPoint(series, { ...point, at });
    expect(pointsOf(series).map((one) => one.at)).toEqual(
      Array.from({ length: Math.min(at + 1, 120) }, (_, index) => Math.max(0, at - 119) + index),
    );
  }
});
