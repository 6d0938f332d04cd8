import { expect, onTestFinished, test, vi } from "vitest";
import { type Child, endChild, startChild } from "@/test/children";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { linuxProcesses } from "../processes/linux";
import type { ProcessInfo } from "../processes/processes";
import { type EndMembers, endMembers } from "./end-members";

/** Processes are started all the time, so no single look proves anything. */
const processes = { ...linuxProcesses(), changes: () => null };
const ports = supervisorPorts("/nowhere", someRecords().records, { processes });

function infoOf({ pid }: Child): ProcessInfo {
  const info = processes.read(pid);
  if (info === null) throw new Error(`${pid} is gone.`);
  return info;
}

function ending(scans: () => ProcessInfo[], changes: Partial<EndMembers> = {}): EndMembers {
  return {
    find: async () => scans(),
    root: null,
    profile: { to: "tree", sequence: [{ signal: "SIGTERM", waitMs: 60_000 }] },
    once: false,
    clock: () => ({ sinceMs: 0, graceMs: 0 }),
    signalled: null,
    beforeSignal: async () => {},
    ...changes,
  };
}

const patient = () => ({ sinceMs: 0, graceMs: 60_000 });

test("CR-6.12 after a kill it looks fifteen times, so that what hides between two scans is found", async () => {
  const [first, late] = [startChild("sleep", ["300"]), startChild("sleep", ["300"])];
  const [one, other] = [infoOf(first), infoOf(late)];
  let scan = 0;
  const seen = () => {
    scan += 1;
    return scan === 1 ? [one] : scan === 12 ? [other] : [];
  };
  expect(await endMembers(ports, ending(seen), new AbortController().signal)).toBe("killed");
  expect(await late.ended).toMatchObject({ signal: "SIGKILL" });
  expect(await first.ended).toMatchObject({ signal: "SIGKILL" });
  expect(scan).toBe(12 + 15);
});

test("CR-6.12 what an earlier dashboard has signalled gets no second first signal, and ends by itself", async () => {
  const child = startChild("sleep", ["300"]);
  const info = infoOf(child);
  let scan = 0;
  const seen = () => {
    scan += 1;
    return scan === 1 ? [info] : [];
  };
  const asked: unknown[] = [];
  const signalled = { steps: 1, everybody: true, processes: [info], met: [info] };
  const how = { clock: patient, signalled, beforeSignal: async () => void asked.push(1) };
  expect(await endMembers(ports, ending(seen, how), new AbortController().signal)).toBe("ended");
  expect(asked).toEqual([]);
  expect(child.process.exitCode ?? child.process.signalCode).toBeNull();
  await endChild(child);
});

test("CR-6.12 a dashboard that goes down while it writes the stop down has signalled nobody", async () => {
  const child = startChild("sleep", ["300"]);
  const info = infoOf(child);
  const abort = new AbortController();
  const how = { clock: patient, beforeSignal: async () => abort.abort() };
  expect(
    await endMembers(
      ports,
      ending(() => [info], how),
      abort.signal,
    ),
  ).toBe("abandoned");
  expect(child.process.exitCode ?? child.process.signalCode).toBeNull();
  await endChild(child);
});

test("FR-F4 another user's process is told as one that cannot be ended, and not looked for fifty times a second", async () => {
  const child = startChild("sleep", ["300"]);
  const info = infoOf(child);
  const kill = vi.spyOn(process, "kill").mockImplementation(() => {
    throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
  });
  onTestFinished(() => kill.mockRestore());
  const told: unknown[] = [];
  const log = { ...ports.log, warn: (facts: unknown, what: string) => void told.push([facts, what]) };
  const seen = () => (told.length === 0 ? [info] : []);
  expect(await endMembers({ ...ports, log }, ending(seen), new AbortController().signal)).toBe("gone");
  expect(told).toEqual([[{ pids: [child.pid] }, "outside.unkillable"]]);
  kill.mockRestore();
  await endChild(child);
});

test("CR-6.12 where nobody is left there is nothing to signal", async () => {
  expect(
    await endMembers(
      ports,
      ending(() => []),
      new AbortController().signal,
    ),
  ).toBe("gone");
});
