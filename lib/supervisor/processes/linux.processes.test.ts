import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { endChild, OURS, startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { isRunning, kill, processesOfRuns } from "@/test/processes";
import { program } from "@/test/programs";
import { until } from "@/test/until";
import { startZombie } from "@/test/zombie";
import { withProgramInput } from "../launch/program-input";
import { isHidden, linuxProcesses } from "./linux";
import { findMembers } from "./members";
import { isAlive, isDead, seeWhole } from "./processes";
import { sharedProcesses } from "./shared";

const linux = linuxProcesses();

test("this very process is found, with its parent and its start time", () => {
  const me = linux.read(process.pid);
  expect(me).toMatchObject({ pid: process.pid, parent: process.ppid });
  expect(me?.startTicks).toBeGreaterThan(0);
  expect(linux.read(process.pid)?.startTicks).toBe(me?.startTicks);
});

test("a program with a nasty name of its own is read right", async () => {
  const child = startChild(process.execPath, [
    "-e",
    'process.title = "a) S (b"; setInterval(() => {}, 1000)',
  ]);
  await until("it has renamed itself", () =>
    readFileSync(`/proc/${child.pid}/stat`, "latin1").includes("(a) S (b)"),
  );
  expect(linux.read(child.pid)).toMatchObject({
    parent: process.pid,
    session: linux.read(process.pid)?.session,
  });
  await endChild(child);
});

test("a process that is not there is null, and so is what is no pid", () => {
  for (const pid of [4_194_305, 0, -1, Number.NaN]) expect(linux.read(pid)).toBeNull();
});

test("a number is taken by whatever process has it, a dead one and another user's too, until it is free", async () => {
  for (const pid of [process.pid, 1]) expect(linux.isTaken(pid)).toBe(true);
  for (const pid of [4_194_305, 0, -1]) expect(linux.isTaken(pid)).toBe(false);
  const { pid, parent } = await startZombie();
  expect(linux.isTaken(pid)).toBe(true);
  await endChild(parent);
  await until("it was waited for", () => !linux.isTaken(pid));
});

test("the children of a process are known from one look, until they are gone; what is no process has none", async () => {
  const child = startChild("sleep", ["300"]);
  expect([...linux.children(process.pid)]).toContain(child.pid);
  expect([...linux.children(child.pid)]).toEqual([]);
  await endChild(child);
  expect([...linux.children(process.pid)]).not.toContain(child.pid);
  for (const pid of [4_194_305, 0]) expect(linux.children(pid).size).toBe(0);
});

test("FR-A6 a process that /proc does not show, and that may not be signalled, is hidden and not gone", () => {
  const failing = (code: string) => () => {
    throw Object.assign(new Error(code), { code });
  };
  const info = linux.read(process.pid);
  expect(isHidden(77, () => null, failing("EPERM"))).toBe(true);
  expect(isHidden(77, failing("EPERM"), failing("EPERM"))).toBe(true);
  expect(isHidden(77, () => null, failing("ESRCH"))).toBe(false);
  expect(isHidden(77, () => info, failing("EPERM"))).toBe(false);
  expect(() => isHidden(77, failing("EMFILE"), failing("EPERM"))).toThrow("EMFILE");
  for (const pid of [process.pid, 1, 4_194_305, 0, -1, Number.NaN]) expect(linux.isHidden(pid)).toBe(false);
});

test("what was started, and a process without an environment, show in the number of changes", async () => {
  let started = 7;
  const counted = linuxProcesses(() => started);
  expect(counted.changes(), "a number that never moved may be no number at all").toBeNull();
  started = 8;
  const scanned = async () => {
    await counted.list();
    return counted.changes();
  };
  const before = await until("all that have no environment are known", async () => {
    const changes = await scanned();
    return changes === (await scanned()) && changes;
  });
  const bare = startChild("/usr/bin/env", ["-i", "sleep", "300"]);
  await until("it has no environment", () => readFileSync(`/proc/${bare.pid}/environ`, "latin1") === "");
  const met = await scanned();
  expect(met).toBeGreaterThan(before);
  await until("it is known as one that has none", async () => {
    const changes = await scanned();
    return changes === (await scanned());
  });
  await endChild(bare);
  expect(linuxProcesses(() => null).changes()).toBeNull();
  await until("the kernel's number moves", () => linux.changes() !== null);
  const kernel = linux.changes() ?? Number.NaN;
  await endChild(startChild("sleep", ["300"]));
  expect(linux.changes()).toBeGreaterThan(kernel);
});

/** Its first thread ends, and another goes on. */
const HEADLESS = `import ctypes, threading, time
threading.Thread(target=time.sleep, args=(300,)).start()
ctypes.CDLL(None).pthread_exit(None)`;

test("a process whose first thread has ended lives, is found by its marker, and can be killed", async () => {
  const child = startChild("python3", ["-c", HEADLESS]);
  await until("its first thread has ended", () =>
    readFileSync(`/proc/${child.pid}/stat`, "latin1").includes(") Z "),
  );
  const found = linux.read(child.pid);
  expect(found !== null && isAlive(linux, found)).toBe(true);
  expect((await linux.list()).find(({ pid }) => pid === child.pid)).toMatchObject({ marker: OURS });
  expect(linux.marker(child.pid)).toBe(OURS);
  await endChild(child);
  expect(linux.read(child.pid)).toBeNull();
});

/** Each starts the next one and ends: one lives, never for long. */
const CHAIN = `[ "$1" -gt 0 ] && [ ! -e "$0.stop" ] || { : >"$0.over"; exit; }
sh "$0" "$(($1 - 1))" &`;

test("a look that finds nobody is never called whole while a chain of short lives goes on", async () => {
  const chain = join(temporaryFolder(), "chain");
  writeFileSync(chain, CHAIN);
  const isOver = () => existsSync(`${chain}.over`);
  const tree = { marker: OURS, launcher: null, payload: null, sessions: new Map() };
  const look = () => seeWhole(linux, () => findMembers(linux, tree));
  const first = startChild("sh", [chain, "20000"]);
  let found = 0;
  const wrong: unknown[] = [];
  for (let looks = 0; looks < 100 && !isOver(); looks += 1) {
    const { seen, whole } = await look();
    found += seen.length;
    if (seen.length === 0 && whole && !isOver()) wrong.push(looks);
  }
  writeFileSync(`${chain}.stop`, "");
  await until("the last of them has seen that", isOver);
  await first.ended;
  expect(found).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
  await until("a look finds nobody and was whole", async () => {
    const { seen, whole } = await look();
    return seen.length === 0 && whole;
  });
});

test("a zombie is dead, whatever kill(pid, 0) says, and stands in no list", async () => {
  const { pid, parent } = await startZombie();
  expect(process.kill(pid, 0)).toBe(true);
  const zombie = linux.read(pid);
  expect(zombie !== null && isDead(zombie)).toBe(true);
  expect(isAlive(linux, { pid, startTicks: zombie?.startTicks ?? 0 })).toBe(false);
  expect((await linux.list()).some((info) => info.pid === pid)).toBe(false);
  await endChild(parent);
});

test("a pid with another start time is another process: a reused pid is not believed", async () => {
  const child = startChild("sleep", ["300"]);
  const startTicks = await until("it is there", () => linux.read(child.pid)?.startTicks);
  expect(isAlive(linux, { pid: child.pid, startTicks })).toBe(true);
  for (const other of [startTicks - 1, startTicks + 1, 0]) {
    expect(isAlive(linux, { pid: child.pid, startTicks: other })).toBe(false);
  }
  await endChild(child);
  expect(isRunning(child.pid)).toBe(false);
  expect(isAlive(linux, { pid: child.pid, startTicks })).toBe(false);
});

test("the list has everybody alive, each once", async () => {
  const child = startChild("sleep", ["300"]);
  const pids = (await linux.list()).map((info) => info.pid);
  expect(pids).toEqual(expect.arrayContaining([1, process.pid, child.pid]));
  expect(new Set(pids).size).toBe(pids.length);
  await endChild(child);
});

test("what a process reads is told, and whether it was opened for appending", async () => {
  const plain = startChild("sleep", ["300"]);
  const own = withProgramInput((input) =>
    startChild("sleep", ["300"], { stdio: [input, "ignore", "ignore"] }),
  );
  expect(linux.makeup(plain.pid)).toMatchObject({ input: "/dev/null", output: "/dev/null" });
  expect(linux.makeup(own.pid)).toMatchObject({ input: "/dev/null (append)", output: "/dev/null" });
  for (const child of [plain, own]) await endChild(child);
});

describe("the marker in a process's environment", () => {
  const CASES: readonly (readonly [string, string[], string | null])[] = [
    ["first of all", ["UNSTUCK_RUN=run_1.t", "A=1"], "run_1.t"],
    ["in the middle", ["A=1", "UNSTUCK_RUN=run_1.t", "B=2"], "run_1.t"],
    ["last", ["A=1", "UNSTUCK_RUN=run_1.t"], "run_1.t"],
    ["empty", ["UNSTUCK_RUN="], ""],
    ["missing", ["A=1"], null],
    ["part of another name", ["XUNSTUCK_RUN=run_1.t", "UNSTUCK_RUN_ID=run_2"], null],
    ["part of a value", ["A=UNSTUCK_RUN=run_1.t"], null],
    ["after a name that is longer", ["UNSTUCK_RUN_ID=run_2", "UNSTUCK_RUN=run_1.t"], "run_1.t"],
    ["missing from an empty environment", [], null],
  ];
  for (const [where, env, expected] of CASES)
    test(`${where} is ${expected === null ? "none" : JSON.stringify(expected)}`, async () => {
      const child = startChild("env", ["-i", ...env, "sleep", "300"]);
      await until("env has become sleep", () =>
        readFileSync(`/proc/${child.pid}/cmdline`, "latin1").startsWith("sleep"),
      );
      expect(linux.marker(child.pid)).toBe(expected);
      await endChild(child);
    });
  test("of nobody is none", () => expect(linux.marker(4_194_305)).toBeNull());
});

test("the host instance names boot, pid namespace and the start of pid 1, and stays the same", () => {
  expect(linux.hostInstance()).toMatch(/^[0-9a-f-]{36}\/\d+\/\d+$/);
  expect(linux.hostInstance()).toBe(linux.hostInstance());
});

test("processes that live for milliseconds are known by their marker, however late it is asked for", async () => {
  const processes = sharedProcesses(linuxProcesses());
  const [command = "", ...args] = program("keeps-forking", "hop", 2_000);
  startChild(command, args);
  let found = 0;
  for (let scan = 0; scan < 10; scan += 1) {
    const all = await processes.list();
    // All that were seen have ended by then, so a marker that was not read at once would not be known.
    await wait(100);
    found += all.some(({ pid }) => processes.marker(pid) === OURS) ? 1 : 0;
  }
  // A scan may come between one of them and the next, on a busy machine more often.
  expect(found).toBeGreaterThanOrEqual(5);
  // One look may miss them for the same reason; twenty in a row do not.
  let empty = 0;
  await until("the last of them has been ended", () => {
    const alive = processesOfRuns((marker) => marker === OURS);
    for (const { pid } of alive) kill(pid, "SIGKILL");
    empty = alive.length === 0 ? empty + 1 : 0;
    return empty === 20;
  });
});
