import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { endChild, startChild } from "@/test/children";
import { until } from "@/test/until";
import { startZombie } from "@/test/zombie";
import { linuxProcesses } from "./linux";
import type { Processes } from "./processes";
import { refusedAmong, signalProcess } from "./signal";

/** A system on which everybody is alive under every number, so that only the rules themselves can refuse. */
const everybody: Processes = {
  ...linuxProcesses(),
  read: (pid) => ({ pid, parent: 1, group: pid, session: pid, state: "S", startTicks: 5 }),
};

describe("who is never signalled, whatever a table says of them", () => {
  let kill: MockInstance<typeof process.kill>;
  beforeEach(() => {
    kill = vi.spyOn(process, "kill").mockReturnValue(true);
  });
  afterEach(() => kill.mockRestore());

  for (const [who, pid] of [
    ["pid 1", 1],
    ["pid 0, which is our own group", 0],
    ["pid -1, which is everybody", -1],
    ["a whole group", -4_711],
    ["this program", process.pid],
  ] as const)
    test(who, () => {
      for (const signal of ["SIGTERM", "SIGKILL", "SIGCONT"] as const)
        expect(signalProcess(everybody, { pid, startTicks: 5 }, signal)).toBe("gone");
      expect(kill).not.toHaveBeenCalled();
    });

  test("a later owner of the number", () => {
    expect(signalProcess(everybody, { pid: 4_711, startTicks: 4 }, "SIGKILL")).toBe("gone");
    expect(kill).not.toHaveBeenCalled();
    expect(signalProcess(everybody, { pid: 4_711, startTicks: 5 }, "SIGKILL")).toBe("sent");
    expect(kill).toHaveBeenCalledExactlyOnceWith(4_711, "SIGKILL");
  });

  test("FR-F4 a failure to signal is an answer, not an exception, and tells another user's process from one that is gone", () => {
    const fail = (code: string) => () => {
      throw Object.assign(new Error(`kill ${code}`), { code });
    };
    const theirs = { pid: 4_711, startTicks: 5 };
    kill.mockImplementation(fail("EPERM"));
    expect(signalProcess(everybody, theirs, "SIGTERM")).toBe("refused");
    expect(refusedAmong(everybody, [theirs, { ...theirs, startTicks: 4 }])).toEqual([4_711]);
    expect(kill).toHaveBeenLastCalledWith(4_711, 0);
    kill.mockImplementation(fail("ESRCH"));
    expect(signalProcess(everybody, theirs, "SIGTERM")).toBe("gone");
    expect(refusedAmong(everybody, [theirs])).toEqual([]);
  });
});

test("a real process gets exactly the signal, and only under its own start time", async () => {
  const linux = linuxProcesses();
  const child = startChild("sleep", ["300"]);
  const startTicks = await until("it is there", () => linux.read(child.pid)?.startTicks);
  expect(signalProcess(linux, { pid: child.pid, startTicks: startTicks + 1 }, "SIGKILL")).toBe("gone");
  expect(linux.read(child.pid)).not.toBeNull();
  expect(signalProcess(linux, { pid: child.pid, startTicks }, "SIGUSR1")).toBe("sent");
  expect(await child.ended).toEqual({ code: null, signal: "SIGUSR1" });
  expect(signalProcess(linux, { pid: child.pid, startTicks }, "SIGTERM")).toBe("gone");
});

test("a process that has ended and is not yet reaped is not signalled", async () => {
  const linux = linuxProcesses();
  const { pid, parent } = await startZombie();
  const startTicks = linux.read(pid)?.startTicks ?? 0;
  expect(signalProcess(linux, { pid, startTicks }, "SIGKILL")).toBe("gone");
  await endChild(parent);
});
