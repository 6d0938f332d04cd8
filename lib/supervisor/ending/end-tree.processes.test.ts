import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Run } from "@/lib/domain/run";
import { linesOf } from "@/test/asked-tree";
import { OURS, startChild } from "@/test/children";
import { aRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { program } from "@/test/programs";
import { aProcess, someProcesses } from "@/test/some-processes";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { readClaim, runFiles } from "../files/run-files";
import type { ProcessInfo } from "../processes/processes";
import { watch } from "../watch/watched";
import { endTree } from "./end-tree";
import { leftBehindOf } from "./left-behind";

/** No kernel gives out such a number, so signals reach nobody: these processes go when the test takes them away. */
const NOBODYS_PID = 500_000_000;
/** As much of the grace is left as there is, whenever it is asked. */
const clock = (graceMs: number) => () => ({ sinceMs: 0, graceMs });
const never = new AbortController().signal;

/** A run whose program has ended with 0, or lives; `left`: a process of it that no signal ends. */
function stopping({ ended }: { ended: boolean }) {
  const run = aRun("stopping", { launcher: null, process: null, startedAt: 1 });
  const { records, noted } = someRecords(run);
  const left = aProcess({ pid: NOBODYS_PID, startTicks: 5 }, { marker: `${run.id}.${run.token}` });
  const all: ProcessInfo[] = [left];
  const ports = supervisorPorts(temporaryFolder(), records, { processes: someProcesses(all) });
  const watched = watch(ports, new Map(), run);
  writeFileSync(`${claimFolder(ports.paths.runs, run)}/claim`, `launcher ${NOBODYS_PID + 1} 4\n`);
  mkdirSync(ports.paths.exits);
  if (ended) writeFileSync(watched.files.exitFile, "0 0 0\n");
  const leave = () => all.splice(0);
  const noteNow = (type: string) => records.note(run.id, type, {});
  return { run, ports, watched, noted, noteNow, leave };
}

function claimFolder(runs: string, run: Run): string {
  const { folder } = runFiles(runs, runs, run.id);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Ends it, with the process gone as soon as it was killed. */
async function end({ ports, watched, leave }: ReturnType<typeof stopping>, graceMs = 0) {
  const note = ports.records.note;
  const records = {
    ...ports.records,
    note: async (...args: Parameters<typeof note>) => {
      await note(...args);
      leave();
    },
  };
  return endTree({ ...ports, records }, watched, clock(graceMs), never);
}

test("CR-6.4 a program that had ended when its run was stopped ended by itself, and only what it left is signalled", async () => {
  const given = stopping({ ended: true });
  expect(await end(given)).toEqual({ outcome: "gone", beforeSignal: true });
  expect(given.noted.map(({ type }) => type)).toEqual(["leftover_signal_sent"]);
});

test("a launcher that has not come to its claim when its run is stopped never begins the program", async () => {
  const given = stopping({ ended: false });
  given.leave();
  rmSync(join(given.watched.files.folder, "claim"));
  expect(await end(given)).toEqual({ outcome: "gone", beforeSignal: false });
  expect(readClaim(given.watched.files)).toEqual({ by: "revoked" });
});

test("CR-6.4 a later dashboard that goes on with the kill of leftovers does not take it for the reason of the end", async () => {
  for (const history of [
    ["leftovers", "leftover_signal_sent"],
    ["leftovers", "signal_sent"],
    ["leftovers"],
  ]) {
    const given = stopping({ ended: true });
    for (const type of history) await given.noteNow(type);
    expect(await end(given), history.join()).toEqual({ outcome: "gone", beforeSignal: true });
  }
});

test("a program that ends after a signal of an earlier dashboard was ended by it", async () => {
  const given = stopping({ ended: true });
  await given.noteNow("signal_sent");
  expect(await end(given)).toEqual({ outcome: "gone", beforeSignal: false });
});

test("a program that lives is asked as the run's program", async () => {
  const given = stopping({ ended: false });
  await end(given, 5);
  expect(given.noted.map(({ type }) => type)).toEqual(["signal_sent"]);
});

test("FR-F4 what a program has left that had ended by itself is named for the reason of its end", async () => {
  const given = stopping({ ended: true });
  await end(given, 5);
  expect(leftBehindOf(given.watched).commands).toEqual([`program ${NOBODYS_PID}`]);
  expect(given.noted[0]).toMatchObject({ type: "leftover_signal_sent", data: { asked: "tree" } });
});

test("FR-F4 nobody is killed unasked: a second stop that cuts the grace short has those asked first who were not", async () => {
  const folder = temporaryFolder();
  const [file, helper] = [join(folder, "program"), join(folder, "helper")];
  const saves = program("saves-when-asked")[0] ?? "";
  const run = aRun("stopping", { launcher: null, process: null, startedAt: 1 });
  const child = startChild("sh", ["-c", '"$0" "$2" 0.1 & "$0" "$1" 60; wait', saves, file, helper], {
    detached: true,
    env: { UNSTUCK_RUN: `${OURS}${run.token}` },
  });
  await until("they are ready", () => linesOf(file).length > 0 && linesOf(helper).length > 0);
  const { records, noted } = someRecords(run);
  const ports = supervisorPorts(folder, records);
  const watched = watch(ports, new Map(), run);
  const payload = { pid: child.pid, startTicks: ports.processes.read(child.pid)?.startTicks ?? 0 };
  Object.assign(watched.tree, { payload, marker: `${OURS}${run.token}` });
  writeFileSync(`${claimFolder(ports.paths.runs, run)}/claim`, `launcher ${NOBODYS_PID + 1} 4\n`);
  // As soon as the program was asked the grace is cut to what is over by then.
  const cut = () => ({
    sinceMs: noted.length === 0 ? 0 : 5_000,
    graceMs: noted.length === 0 ? 60_000 : 3_000,
  });
  await endTree(ports, watched, cut, never);
  expect(linesOf(file).slice(1)).toEqual(["SIGTERM", "SIGTERM", "twice"].slice(0, linesOf(file).length - 1));
  expect(linesOf(helper).slice(1)).toEqual(["SIGTERM", "saved"]);
  expect(noted.map(({ data }) => data.asked)).toEqual(expect.arrayContaining(["program", "others"]));
});

test("FR-F4 what belongs to another user is told from the first round, and not taken for what hangs in the kernel", async () => {
  const given = stopping({ ended: false });
  const kill = vi.spyOn(process, "kill").mockImplementation(() => {
    throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
  });
  onTestFinished(() => kill.mockRestore());
  const note = given.ports.records.note;
  const records: typeof given.ports.records = {
    ...given.ports.records,
    note: async (...args) => {
      await note(...args);
      if (args[1] === "unkillable") given.leave();
    },
  };
  const ports = { ...given.ports, records };
  expect(await endTree(ports, given.watched, clock(0), never)).toEqual({
    outcome: "gone",
    beforeSignal: true,
  });
  expect(given.noted).toMatchObject([
    { type: "signal_sent", data: { signal: "SIGKILL", pids: [], notPermitted: [NOBODYS_PID] } },
    { type: "unkillable", data: { processes: [{ pid: NOBODYS_PID, notPermitted: true }] } },
  ]);
});

test("FR-F4 by force nobody is asked", async () => {
  const given = stopping({ ended: false });
  await end(given, 0);
  expect(given.noted.map(({ data }) => data.signal)).toEqual(["SIGKILL"]);
});
