import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { endChild, startChild } from "@/test/children";
import { aRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { kill, stateOf } from "@/test/processes";
import { until } from "@/test/until";
import { startZombie } from "@/test/zombie";
import { linuxProcesses } from "../processes/linux";
import type { Watched } from "../watch/watched";
import { isUndisturbed, type Overview, recordedEnds } from "./undisturbed";

const processes = linuxProcesses();
/** Nothing is recorded, and each launcher is looked at. */
const NOTHING: Overview = { recorded: new Set(), many: false, children: () => new Set() };

/** What is watched of a run whose launcher is that process. */
function watchedWith(pid: number, changes: Partial<Watched["tree"]> = {}): Watched {
  const startTicks = processes.read(pid)?.startTicks ?? 0;
  const run = aRun("running");
  const tree = { launcher: { pid, startTicks }, payload: { pid, startTicks }, group: null, ...changes };
  return { run, tree, launcherExit: null, unsupervised: false } as unknown as Watched;
}

test("a run is undisturbed while its launcher lives and waits and nothing is recorded of its end", async () => {
  const child = startChild("sleep", ["300"]);
  const watched = watchedWith(child.pid);
  expect(isUndisturbed({ processes }, watched, NOTHING)).toBe(true);
  expect(isUndisturbed({ processes }, watched, { ...NOTHING, recorded: new Set([watched.run.id]) })).toBe(
    false,
  );
  kill(child.pid, "SIGSTOP");
  await until("it stands still", () => stateOf(child.pid) === "T");
  expect(isUndisturbed({ processes }, watched, NOTHING), "it may have to be woken").toBe(false);
  await endChild(child);
  expect(isUndisturbed({ processes }, watched, NOTHING), "it is gone").toBe(false);
});

test("who has ended and was not taken note of, and a later owner of the number, are no launcher that waits", async () => {
  const { pid, parent } = await startZombie();
  expect(isUndisturbed({ processes }, watchedWith(pid), NOTHING)).toBe(false);
  await endChild(parent);
  const { startTicks } = processes.read(process.pid) ?? { startTicks: 0 };
  const earlier = { pid: process.pid, startTicks: startTicks - 1 };
  expect(isUndisturbed({ processes }, watchedWith(process.pid, { launcher: earlier }), NOTHING)).toBe(false);
});

test("a run of which something is still to be learnt, that ends, or has lost its launcher, is looked at", () => {
  for (const unknown of [{ launcher: null }, { payload: null }, { group: undefined }])
    expect(isUndisturbed({ processes }, watchedWith(process.pid, unknown), NOTHING)).toBe(false);
  const watched = watchedWith(process.pid);
  expect(isUndisturbed({ processes }, watched, NOTHING)).toBe(true);
  for (const changes of [
    { run: aRun("stopping") },
    { run: aRun("starting") },
    { unsupervised: true },
    { launcherExit: { code: 0, signal: null } },
  ])
    expect(isUndisturbed({ processes }, { ...watched, ...changes } as Watched, NOTHING)).toBe(false);
});

test("of many runs a launcher whose number is taken is read now and then, and one whose number is free is gone at once", async () => {
  const child = startChild("sleep", ["300"]);
  const watched = watchedWith(child.pid);
  const many: Overview = { ...NOTHING, many: true };
  let reads = 0;
  const counted = {
    ...processes,
    read: (pid: number) => {
      reads += 1;
      return processes.read(pid);
    },
  };
  for (let sweep = 0; sweep < 4; sweep += 1)
    expect(isUndisturbed({ processes: counted }, watched, many)).toBe(true);
  expect(reads).toBe(1);
  const later = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 20_000);
  expect(isUndisturbed({ processes: counted }, watched, many)).toBe(true);
  later.mockRestore();
  expect(reads).toBe(2);
  await endChild(child);
  expect(isUndisturbed({ processes: counted }, watched, many)).toBe(false);
  expect(reads, "nothing is left to look at").toBe(2);
});

test("of many runs a launcher that is among its parent's children is not asked for by itself, and is asked for when it is missing there", async () => {
  const child = startChild("sleep", ["300"]);
  const watched = watchedWith(child.pid);
  const asked: number[] = [];
  const parents: number[] = [];
  const counted = {
    ...processes,
    isTaken: (pid: number) => {
      asked.push(pid);
      return processes.isTaken(pid);
    },
  };
  const inFamily: Overview = {
    ...NOTHING,
    many: true,
    children: (parent) => {
      parents.push(parent);
      return processes.children(parent);
    },
  };
  for (let sweep = 0; sweep < 3; sweep += 1)
    expect(isUndisturbed({ processes: counted }, watched, inFamily)).toBe(true);
  expect(parents).toEqual([process.pid, process.pid]);
  expect(asked).toEqual([]);
  expect(isUndisturbed({ processes: counted }, watched, { ...inFamily, children: () => new Set() })).toBe(
    true,
  );
  expect(asked).toEqual([child.pid]);
  await endChild(child);
  expect(isUndisturbed({ processes: counted }, watched, inFamily), "it is gone").toBe(false);
});

test("a launcher that was found to stand still is looked at again each time, until it goes on", async () => {
  const child = startChild("sleep", ["300"]);
  const watched = watchedWith(child.pid);
  const many: Overview = { ...NOTHING, many: true };
  kill(child.pid, "SIGSTOP");
  await until("it stands still", () => stateOf(child.pid) === "T");
  for (let sweep = 0; sweep < 2; sweep += 1) expect(isUndisturbed({ processes }, watched, many)).toBe(false);
  kill(child.pid, "SIGCONT");
  await until("it goes on", () => stateOf(child.pid) === "S");
  expect(isUndisturbed({ processes }, watched, many)).toBe(true);
  await endChild(child);
});

test("the records of all ends are found in one look; a folder that cannot be read tells nothing", () => {
  const folder = join(temporaryFolder(), "exits");
  expect(recordedEnds(folder)).toBeNull();
  mkdirSync(folder);
  writeFileSync(join(folder, "run_1"), "0\n");
  expect(recordedEnds(folder)).toEqual(new Set(["run_1"]));
});
