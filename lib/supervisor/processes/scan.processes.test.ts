import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { endChild, OURS, startChild } from "@/test/children";
import { until } from "@/test/until";
import { linuxProcesses } from "./linux";
import { findMembers } from "./members";
import { readStat } from "./stat";

const linux = linuxProcesses();

test("whose a known process is stands in the list as it is known, and of another with its number what its environment says", async () => {
  const child = startChild("sleep", ["300"]);
  const knowing = linuxProcesses();
  const startTicks = linux.read(child.pid)?.startTicks ?? Number.NaN;
  const marker = "run_of_the_known.one";
  knowing.know(() => new Map([[child.pid, { startTicks, marker }]]));
  const markerOf = async (pid: number) => (await knowing.list()).find((info) => info.pid === pid)?.marker;
  expect(await markerOf(child.pid)).toBe(marker);
  knowing.know(() => new Map([[child.pid, { startTicks: startTicks - 1, marker }]]));
  expect(await markerOf(child.pid)).toBe(OURS);
  await endChild(child);
});

test("the kernel's own threads stand in no list", async () => {
  const pids = new Set((await linux.list()).map(({ pid }) => pid));
  const isKernels = (pid: number) => {
    try {
      return readStat(pid)?.isKernelThread === true;
    } catch {
      return false;
    }
  };
  const kernels = readdirSync("/proc").map(Number).filter(isKernels);
  expect(kernels.filter((pid) => pids.has(pid))).toEqual([]);
});

test("a scan of before is not believed while the launcher is not known: it may have had no marker then", async () => {
  const child = startChild("sleep", ["300"], { env: { UNSTUCK_RUN: "run_of.members" } });
  await until("it is there", () => linux.marker(child.pid) === "run_of.members");
  const processes = { ...linux, lastWhole: () => [] };
  const tree = { marker: "run_of.members", launcher: null, payload: null, sessions: new Map() };
  expect((await findMembers(processes, tree)).map(({ pid }) => pid)).toEqual([child.pid]);
  await endChild(child);
});

test("of the processes in a scan of before those count that still live, as they are now", async () => {
  const env = { UNSTUCK_RUN: "run_of.before" };
  const [launcher, stays, goes] = [1, 2, 3].map(() => startChild("sleep", ["300"], { env }));
  if (launcher === undefined || stays === undefined || goes === undefined) throw new Error("Not started.");
  await until("all have their markers", () =>
    [launcher, stays, goes].every(({ pid }) => linux.marker(pid) === env.UNSTUCK_RUN),
  );
  const before = await linux.list();
  await endChild(goes);
  const startTicks = linux.read(launcher.pid)?.startTicks ?? Number.NaN;
  const tree = {
    marker: env.UNSTUCK_RUN,
    launcher: { pid: launcher.pid, startTicks },
    payload: null,
    sessions: new Map(),
  };
  const found = await findMembers({ ...linux, lastWhole: () => before }, tree);
  expect(found.map(({ pid }) => pid)).toEqual([stays.pid]);
  await Promise.all([endChild(launcher), endChild(stays)]);
});
