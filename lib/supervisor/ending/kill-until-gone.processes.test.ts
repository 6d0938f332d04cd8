import { expect, test } from "vitest";
import { endChild, startChild } from "@/test/children";
import { aProcess, someProcesses } from "@/test/some-processes";
import { linuxProcesses } from "../processes/linux";
import type { ProcessInfo } from "../processes/processes";
import { killUntilGone, releaseLauncher } from "./kill-until-gone";

/** Processes are started all the time, so no single look proves anything. */
const processes = { ...linuxProcesses(), changes: () => null };
const never = new AbortController().signal;
const unkillable = async () => {};

function aChild() {
  const child = startChild("sleep", ["300"]);
  const info = processes.read(child.pid);
  if (info === null) throw new Error(`${child.pid} is gone.`);
  return { child, info };
}

test("what appears while others are being killed is killed too, and the kill is announced once, before it is done", async () => {
  const [first, second] = [aChild(), aChild()];
  const scans: ProcessInfo[][] = [[first.info], [], [second.info]];
  const announced: unknown[] = [];
  const how = {
    find: async () => scans.shift() ?? [],
    beforeKill: async (members: readonly ProcessInfo[], inhabited: boolean) => {
      announced.push([members, inhabited, first.child.process.signalCode]);
    },
    unkillable,
  };
  expect(await killUntilGone(processes, how, never)).toEqual({ killed: 2, gone: true });
  expect(announced).toEqual([[[first.info], false, null]]);
  for (const { child } of [first, second]) expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
});

test("a look that can have missed none is enough; of others three must agree, and more after a kill", async () => {
  const looks = async (all: ProcessInfo[][], changes: () => number | null) => {
    let count = 0;
    const find = async () => all[count++] ?? [];
    const quiet = { ...processes, changes };
    expect(await killUntilGone(quiet, { find, unkillable }, never)).toMatchObject({ gone: true });
    return count;
  };
  expect(await looks([], () => 7)).toBe(1);
  expect(await looks([], () => null)).toBe(3);
  let started = 0;
  expect(await looks([], () => ++started)).toBe(3);
  const { child, info } = aChild();
  expect(await looks([[info]], () => null)).toBe(16);
  expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
  const { info: another } = aChild();
  expect(await looks([[another]], () => 7)).toBe(2);
});

test("a dashboard that goes down during a scan kills nobody, and does not say that nobody is left", async () => {
  const { child, info } = aChild();
  const abort = new AbortController();
  const find = async () => {
    abort.abort();
    return [info];
  };
  expect(await killUntilGone(processes, { find, unkillable }, abort.signal)).toEqual({
    killed: 0,
    gone: false,
  });
  expect(child.process.signalCode).toBeNull();
  await endChild(child);
});

const LAUNCHER = { pid: 500_000_000, startTicks: 5 };

test("a launcher is woken until it has ended by itself", async () => {
  const all = [aProcess(LAUNCHER)];
  const woken: unknown[] = [];
  const wake = (launcher: unknown) => {
    woken.push(launcher);
    if (woken.length === 2) all.splice(0);
  };
  expect(await releaseLauncher(someProcesses(all), LAUNCHER, wake, never)).toBe("ended");
  expect(woken).toEqual([LAUNCHER, LAUNCHER]);
});

test("a launcher that lives when the dashboard goes down is left to the next one", async () => {
  const all = someProcesses([aProcess(LAUNCHER)]);
  expect(await releaseLauncher(all, LAUNCHER, () => {}, AbortSignal.abort())).toBe("abandoned");
  expect(await releaseLauncher(all, null, () => {}, AbortSignal.abort())).toBe("ended");
});
