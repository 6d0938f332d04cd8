import { expect, onTestFinished, test, vi } from "vitest";
import type { Processes, ProcessInfo } from "./processes";
import { sharedProcesses } from "./shared";

/** Scans that end when the test says so; each answers one process whose pid is the number of the scan. */
function slowScans() {
  const ends: ((failure?: Error) => void)[] = [];
  let markersRead = 0;
  const source: Processes = {
    read: () => null,
    isHidden: () => false,
    ageMs: () => null,
    hostInstance: () => "here",
    describe: () => null,
    makeup: () => null,
    variable: () => null,
    isTaken: () => null,
    children: () => new Set(),
    changes: () => null,
    know: () => {},
    lastWhole: () => null,
    sinceBootMs: () => 0,
    tickMs: 10,
    marker: () => {
      markersRead += 1;
      return null;
    },
    list: () =>
      new Promise((resolve, reject) => {
        const pid = ends.length + 1;
        const info: ProcessInfo = { pid, parent: 1, group: pid, session: pid, state: "S", startTicks: pid };
        ends.push((failure) => (failure === undefined ? resolve([info]) : reject(failure)));
      }),
  };
  return { source, ends, markersRead: () => markersRead };
}

test("whoever asks during a scan gets the next one, and all of them the same", async () => {
  const { source, ends } = slowScans();
  const shared = sharedProcesses(source);
  const first = shared.list();
  const others = [shared.list(), shared.list(), shared.list()];
  expect(ends).toHaveLength(1);
  ends[0]?.();
  expect((await first)[0]?.pid).toBe(1);
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  expect((await Promise.all(others)).map((all) => all[0]?.pid)).toEqual([2, 2, 2]);
  expect(ends).toHaveLength(2);
});

test("a question after a scan begins another", async () => {
  const { source, ends } = slowScans();
  const shared = sharedProcesses(source);
  const first = shared.list();
  ends[0]?.();
  await first;
  const second = shared.list();
  ends[1]?.();
  expect((await second)[0]?.pid).toBe(2);
});

test("a scan that failed fails for those who asked for it, not for those who wait for the next", async () => {
  const { source, ends } = slowScans();
  const shared = sharedProcesses(source);
  const first = shared.list();
  const second = shared.list();
  ends[0]?.(new Error("out of descriptors"));
  await expect(first).rejects.toThrow("out of descriptors");
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  expect((await second)[0]?.pid).toBe(2);
});

test("a marker is read once per scan, also when there is none", async () => {
  const { source, ends, markersRead } = slowScans();
  const shared = sharedProcesses(source);
  for (const scan of [0, 1]) {
    const all = shared.list();
    ends[scan]?.();
    await all;
    shared.marker(7);
    shared.marker(7);
    expect(markersRead()).toBe(scan + 1);
  }
});

test("a scan is true for a second while nothing was started in it or since, and no longer", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const { source, ends } = slowScans();
  let changes: number | null = 7;
  const shared = sharedProcesses({ ...source, changes: () => changes });
  const scanned = async (meanwhile = () => {}) => {
    const scan = shared.list();
    meanwhile();
    ends.at(-1)?.();
    return scan;
  };
  expect(shared.lastWhole()).toBeNull();
  const all = await scanned();
  expect(shared.lastWhole()).toBe(all);
  vi.advanceTimersByTime(900);
  expect(shared.lastWhole()).toBe(all);
  vi.advanceTimersByTime(200);
  expect(shared.lastWhole(), "a second later").toBeNull();
  await scanned();
  changes = 8;
  expect(shared.lastWhole(), "after something was started").toBeNull();
  await scanned(() => {
    changes = 9;
  });
  expect(shared.lastWhole(), "where something was started in it").toBeNull();
  changes = null;
  await scanned();
  expect(shared.lastWhole(), "where that is not known").toBeNull();
});
