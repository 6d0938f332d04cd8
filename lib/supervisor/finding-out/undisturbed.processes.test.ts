import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endChild, startChild } from "@/test/children";
import { aRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { kill, stateOf } from "@/test/processes";
import { until } from "@/test/until";
import { startZombie } from "@/test/zombie";
import { linuxProcesses } from "../processes/linux";
import type { Watched } from "../watch/watched";
import { isUndisturbed, recordedEnds } from "./undisturbed";

const processes = linuxProcesses();
const NOBODY: ReadonlySet<string> = new Set();

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
  expect(isUndisturbed({ processes }, watched, NOBODY)).toBe(true);
  expect(isUndisturbed({ processes }, watched, new Set([watched.run.id]))).toBe(false);
  kill(child.pid, "SIGSTOP");
  await until("it stands still", () => stateOf(child.pid) === "T");
  expect(isUndisturbed({ processes }, watched, NOBODY), "it may have to be woken").toBe(false);
  await endChild(child);
  expect(isUndisturbed({ processes }, watched, NOBODY), "it is gone").toBe(false);
});

test("who has ended and was not taken note of, and a later owner of the number, are no launcher that waits", async () => {
  const { pid, parent } = await startZombie();
  expect(isUndisturbed({ processes }, watchedWith(pid), NOBODY)).toBe(false);
  await endChild(parent);
  const { startTicks } = processes.read(process.pid) ?? { startTicks: 0 };
  const earlier = { pid: process.pid, startTicks: startTicks - 1 };
  expect(isUndisturbed({ processes }, watchedWith(process.pid, { launcher: earlier }), NOBODY)).toBe(false);
});

test("a run of which something is still to be learnt, that ends, or has lost its launcher, is looked at", () => {
  for (const unknown of [{ launcher: null }, { payload: null }, { group: undefined }])
    expect(isUndisturbed({ processes }, watchedWith(process.pid, unknown), NOBODY)).toBe(false);
  const watched = watchedWith(process.pid);
  expect(isUndisturbed({ processes }, watched, NOBODY)).toBe(true);
  for (const changes of [
    { run: aRun("stopping") },
    { run: aRun("starting") },
    { unsupervised: true },
    { launcherExit: { code: 0, signal: null } },
  ])
    expect(isUndisturbed({ processes }, { ...watched, ...changes } as Watched, NOBODY)).toBe(false);
});

test("the records of all ends are found in one look; a folder that cannot be read tells nothing", () => {
  const folder = join(temporaryFolder(), "exits");
  expect(recordedEnds(folder)).toBeNull();
  mkdirSync(folder);
  writeFileSync(join(folder, "run_1"), "0\n");
  expect(recordedEnds(folder)).toEqual(new Set(["run_1"]));
});
