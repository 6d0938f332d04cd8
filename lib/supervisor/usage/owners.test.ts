import { expect, test } from "vitest";
import { type Candidate, ownership } from "./owners";
import type { ProcessStat } from "./proc-stats";

const stat = (pid: number, parent: number, startTicks = 1): ProcessStat => ({
  pid,
  parent,
  startTicks,
  zombie: false,
  own: 0,
  children: 0,
  rss: 0,
});
const all = (...stats: ProcessStat[]) => new Map(stats.map((one) => [one.pid, one]));
const RUN: Candidate<string> = {
  owner: "run",
  marker: "run.token",
  launcher: { pid: 10, startTicks: 1 },
  payload: { pid: 11, startTicks: 1 },
};

/** Owners, with a record of whose environment was read. */
function owners(markers: Record<number, string> = {}) {
  const read: number[] = [];
  const assign = ownership<string>((pid) => {
    read.push(pid);
    return markers[pid] ?? null;
  });
  return { assign, read };
}

test("launcher, program and whoever descends from them belong to the run, and no environment is read for it", () => {
  const { assign, read } = owners();
  const found = assign(all(stat(13, 12), stat(12, 11), stat(11, 10), stat(10, 5)), [RUN]);
  expect([...found.keys()].sort()).toEqual([10, 11, 12, 13]);
  expect(read).toEqual([]);
});

test("a daemon is known by its marker, which is read once", () => {
  const { assign, read } = owners({ 20: "run.token" });
  for (let pass = 0; pass < 4; pass += 1) expect(assign(all(stat(20, 1)), [RUN]).get(20)).toBe("run");
  expect(read).toEqual([20]);
});

test("a stranger's environment is read twice and never again: the first time it may have been its parent's", () => {
  const { assign, read } = owners();
  for (let pass = 0; pass < 5; pass += 1) expect(assign(all(stat(20, 1)), [RUN]).size).toBe(0);
  expect(read).toEqual([20, 20]);
});

test("a child stays the run's when its parents have gone", () => {
  const { assign } = owners();
  assign(all(stat(10, 5), stat(11, 10), stat(12, 11)), [RUN]);
  expect(assign(all(stat(12, 1)), [RUN]).get(12)).toBe("run");
});

test("a pid with another start time is asked anew, also when it has the launcher's number", () => {
  const { assign } = owners();
  assign(all(stat(11, 10), stat(10, 5)), [RUN]);
  expect(assign(all(stat(11, 1, 99), stat(10, 1, 99)), [RUN]).size).toBe(0);
});

test("two processes that show each other as parents end nobody's patience", () => {
  const { assign } = owners();
  expect(assign(all(stat(20, 21), stat(21, 20)), [RUN]).size).toBe(0);
});

test("who belongs to a run that is over belongs to nobody", () => {
  const { assign } = owners();
  assign(all(stat(11, 10), stat(10, 5)), [RUN]);
  expect(assign(all(stat(11, 1)), []).size).toBe(0);
});
