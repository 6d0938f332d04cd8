import { expect, test } from "vitest";
import { aProcess, someProcesses } from "@/test/some-processes";
import { findMembers, type Tree } from "./members";
import type { ProcessInfo } from "./processes";

/** What becomes of a number once the kernel has given it to somebody else: no test can make it do that, so the host is made up. */
const aTree = (): Tree => ({ marker: "run.token", launcher: null, payload: null, sessions: new Map() });

async function pids(tree: Tree, ...all: ProcessInfo[]): Promise<number[]> {
  return (await findMembers(someProcesses(all), tree)).map(({ pid }) => pid);
}

test("CR-6.5 a run's process that was given the number of the shell that started the dashboard is seen", async () => {
  const child = aProcess({ pid: process.ppid, startTicks: 900 }, { marker: "run.token" });
  expect(await pids(aTree(), child)).toEqual([process.ppid]);
});

test("CR-6.5 this program and init are never among a run's processes, whatever they carry", async () => {
  const all = [1, process.pid].map((pid) => aProcess({ pid, startTicks: 1 }, { marker: "run.token" }));
  expect(await pids(aTree(), ...all)).toEqual([]);
});

test("CR-6.5 a session is remembered after its leader has gone, for what is left in it", async () => {
  const tree = aTree();
  const leader = aProcess({ pid: 500, startTicks: 10 }, { marker: "run.token" });
  const rest = aProcess({ pid: 501, startTicks: 11 }, { session: 500, group: 500 });
  expect(await pids(tree, leader, rest)).toEqual([500, 501]);
  expect(await pids(tree, rest)).toEqual([501]);
});

test("CR-6.5 a stranger who was given the number of a session that has ended is not taken for the run's", async () => {
  const tree = aTree();
  const leader = aProcess({ pid: 500, startTicks: 10 }, { marker: "run.token" });
  const main = aProcess({ pid: 400, startTicks: 9 }, { marker: "run.token" });
  expect(await pids(tree, main, leader)).toEqual([400, 500]);
  const stranger = aProcess({ pid: 500, startTicks: 77 });
  const child = aProcess({ pid: 502, startTicks: 78 }, { session: 500, group: 500, parent: 500 });
  expect(await pids(tree, main, stranger, child)).toEqual([400]);
});
