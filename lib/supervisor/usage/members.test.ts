import { expect, test } from "vitest";
import { membersOfRuns } from "./members";
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

/** A host with one run, of launcher 10 and program 11, and a record of what was read. */
function host() {
  const there = new Map([stat(1, 0), stat(10, 5), stat(11, 10), stat(20, 1)].map((one) => [one.pid, one]));
  let reads: number[] = [];
  const marked = new Map<number, string>();
  const members = membersOfRuns<string>({
    readMarker: (pid) => marked.get(pid) ?? null,
    list: () => [...there.keys()],
    read: (pid) => {
      reads.push(pid);
      return there.get(pid) ?? null;
    },
  });
  const run = {
    owner: "run",
    marker: "run.token",
    launcher: { pid: 10, startTicks: 1 },
    payload: { pid: 11, startTicks: 1 },
  };
  return {
    mark: (pid: number, marker: string) => marked.set(pid, marker),
    found: (payload: { pid: number; startTicks: number }) => {
      run.payload = payload;
    },
    put: (...stats: ProcessStat[]) => stats.map((one) => there.set(one.pid, one)),
    take: (pid: number) => there.delete(pid),
    pass: async () => (await members.pass([run])).get("run")?.toSorted(),
    readAgain: (pids: number[]) => members.readAgain(pids).map(({ pid }) => pid),
    forget: members.forget,
    reads: () => {
      const before = reads;
      reads = [];
      return before.toSorted();
    },
  };
}

test("each process is read once; who is of a run never again, who is not once in six passes", async () => {
  const { pass, reads } = host();
  expect(await pass()).toEqual([10, 11]);
  expect(reads()).toEqual([1, 10, 11, 20]);
  for (let passes = 0; passes < 6; passes += 1) expect(await pass()).toEqual([10, 11]);
  expect(reads()).toEqual([1, 20]);
});

test("a new process is found in the next pass, and one that has gone is not there any more", async () => {
  const { pass, put, take, reads } = host();
  await pass();
  reads();
  put(stat(12, 10, 5));
  take(11);
  expect(await pass()).toEqual([10, 12]);
  expect(reads()).toContain(12);
});

test("what is read again is another process, or gone: it is left out, and found out about in the next pass", async () => {
  const { pass, put, take, readAgain } = host();
  await pass();
  put(stat(11, 1, 7));
  expect(readAgain([10, 11])).toEqual([10]);
  expect(await pass()).toEqual([10]);
  take(10);
  expect(readAgain([10])).toEqual([]);
});

test("the child of a stranger that was given a run's number is the stranger's", async () => {
  const { pass, put } = host();
  await pass();
  put(stat(11, 1, 7), stat(30, 11, 8));
  expect(await pass()).toEqual([10]);
});

test("a process whose parent's number went to a run's process is not that run's", async () => {
  const { pass, put } = host();
  put(stat(12, 20, 3));
  await pass();
  // Their parent was 20, which has ended; its number is now a child of the program.
  put(stat(20, 11, 9));
  for (let passes = 0; passes < 12; passes += 1) expect(await pass()).not.toContain(12);
  expect(await pass()).toEqual([10, 11, 20]);
});

test("a run's launcher is known although its number was a stranger's in the pass before", async () => {
  const { pass, put } = host();
  put(stat(10, 1, 0), stat(11, 1, 0));
  expect(await pass()).toEqual([]);
  put(stat(10, 5), stat(11, 10));
  expect(await pass()).toEqual([10, 11]);
});

test("after a pause nothing is believed of before", async () => {
  const { pass, put, forget, reads } = host();
  await pass();
  reads();
  forget();
  put(stat(20, 11, 9));
  expect(await pass()).toEqual([10, 11, 20]);
  expect(reads()).toEqual([1, 10, 11, 20]);
});

const QUIET_PASSES = [1, 2, 3, 4];

test("after quiet passes a process that comes, one that goes and one that is given a known number are noticed as ever", async () => {
  const { pass, put, take, readAgain } = host();
  for (const _ of QUIET_PASSES) await pass();
  put(stat(12, 11, 5));
  expect(await pass()).toEqual([10, 11, 12]);
  for (const _ of QUIET_PASSES) expect(await pass()).toEqual([10, 11, 12]);
  take(12);
  expect(await pass()).toEqual([10, 11]);
  for (const _ of QUIET_PASSES) await pass();
  put(stat(11, 1, 7));
  expect(readAgain([11])).toEqual([]);
  expect(await pass()).toEqual([10]);
});

test("after quiet passes a run's program that only becomes known now is its own", async () => {
  const { pass, put, found } = host();
  put(stat(40, 1));
  for (const _ of QUIET_PASSES) expect(await pass()).toEqual([10, 11]);
  found({ pid: 40, startTicks: 1 });
  expect((await pass())?.includes(40)).toBe(true);
});

test("a process that shows its own environment only at the second look is its run's, though nothing else has changed", async () => {
  const { pass, put, mark } = host();
  for (const _ of QUIET_PASSES) await pass();
  put(stat(50, 1, 9));
  expect(await pass()).toEqual([10, 11]);
  mark(50, "run.token");
  expect(await pass()).toEqual([10, 11, 50]);
});

test("a stranger that a run's program becomes the parent of belongs to the run", async () => {
  const { pass, put } = host();
  for (const _ of QUIET_PASSES) await pass();
  put(stat(20, 11));
  for (let passes = 0; passes < 6; passes += 1) await pass();
  expect(await pass()).toEqual([10, 11, 20]);
});

test("a process that was gone when it was read again is no member any more in the next pass", async () => {
  const { pass, take, readAgain } = host();
  for (const _ of QUIET_PASSES) await pass();
  take(11);
  expect(readAgain([10, 11])).toEqual([10]);
  expect(await pass()).toEqual([10]);
});
