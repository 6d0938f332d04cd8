import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { pidFileObstacle } from "@/lib/domain/pid-file";
import { endChild, startChild } from "@/test/children";
import { aRun } from "@/test/factories";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { clockWitness } from "../host/clock-witness";
import { linuxProcesses } from "../processes/linux";
import type { Processes } from "../processes/processes";
import type { Watched, Watchlist } from "../watch/watched";
import { folderProblem, readPidFile, removePidFile, writePidFile } from "./pid-file";
import { seePidFile } from "./see-pid-file";

const files = testFiles();
const linux = linuxProcesses();
const clock = clockWitness(() => Date.now(), linux.sinceBootMs);

let file: string;
beforeEach(() => {
  file = join(temporaryFolder(), "x.pid");
});

const see = (processes: Processes = linux, list: Watchlist = new Map()) =>
  seePidFile({ processes, clock, files }, list, { path: file, runAs: null });

function watching(payload: { pid: number; startTicks: number }, marker = "nobody"): Watchlist {
  const run = aRun("running");
  const tree = { marker, launcher: null, payload, sessions: new Map<number, number>() };
  return new Map([[run.id, { run, tree } as unknown as Watched]]);
}

test("a live process that was there when the file was written is foreign, with its command line", async () => {
  const child = startChild("sleep", ["3600"]);
  writeFileSync(file, `${child.pid}\n`);
  expect(await see()).toMatchObject({
    found: "foreign",
    process: { identity: { pid: child.pid }, command: "sleep 3600", certain: true },
  });
  await endChild(child);
  expect(await see()).toMatchObject({ found: "stale", pid: child.pid });
});

test("a number that got a new owner after the file was written names a stranger", async () => {
  const child = startChild("sleep", ["3600"]);
  writeFileSync(file, `${child.pid}\n`);
  const later = { ...linux, read: (pid: number) => reborn(linux, pid) };
  expect(await see(later)).toMatchObject({ found: "stale", pid: child.pid });
  await endChild(child);
});

/** The process as if it had been started a minute from now. */
function reborn(processes: Processes, pid: number) {
  const info = processes.read(pid);
  return info === null ? null : { ...info, startTicks: info.startTicks + 6_000 };
}

test("a process of a run of ours is ours, by its identity or by its marker", async () => {
  const child = startChild("sleep", ["3600"], { env: { UNSTUCK_RUN: "run_of_ours.token" } });
  writeFileSync(file, `${child.pid}\n`);
  const startTicks = linux.read(child.pid)?.startTicks ?? 0;
  expect(await see(linux, watching({ pid: child.pid, startTicks }))).toMatchObject({ found: "ours" });
  expect(await see(linux, watching({ pid: 2, startTicks: 1 }, "run_of_ours.token"))).toMatchObject({
    found: "ours",
  });
  // The number of one of ours, in the hands of somebody else.
  expect(await see(linux, watching({ pid: child.pid, startTicks: startTicks - 1 }))).toMatchObject({
    found: "foreign",
  });
  await endChild(child);
});

test("what Unstuck runs in, and its parents, are never foreign", async () => {
  for (const pid of [process.pid, process.ppid]) {
    writeFileSync(file, `${pid}\n`);
    expect(await see(), `process ${pid}`).toMatchObject({ found: "stale" });
  }
});

test("a thread is no process, though /proc answers to its number", async () => {
  writeFileSync(file, `${process.pid + 1}\n`);
  const threads: Processes = {
    ...linux,
    read: (pid) => ({ pid, parent: 1, group: 1, session: 1, state: "S", startTicks: 1 }),
    describe: () => ({ command: "x", marker: null, isProcess: false }),
  };
  expect(await see(threads)).toMatchObject({ found: "stale", why: "that is a thread of another program" });
});

test("a pid file is written whole, replaced, and removed only while it says what was written", async () => {
  await writePidFile(files, file, 4_711);
  expect(await readPidFile(files, file)).toMatchObject({ is: "pid", pid: 4_711 });
  await writePidFile(files, file, 4_712);
  expect(await removePidFile(files, file, 4_711)).toBe(false);
  expect(await removePidFile(files, file, 4_712)).toBe(true);
  expect(await readPidFile(files, file)).toEqual({ is: "missing" });
  expect(await removePidFile(files, file, 4_712)).toBe(false);
});

test("what a dashboard that died while writing has left beside the file is in nobody's way", async () => {
  const target = join(temporaryFolder(), "precious");
  writeFileSync(target, "precious\n");
  const name = createHash("sha256").update(file).digest("hex").slice(0, 16);
  symlinkSync(target, join(dirname(file), `.unstuck-${name}.pid`));
  await writePidFile(files, file, 6);
  expect(await readPidFile(files, file)).toMatchObject({ pid: 6 });
  expect(await readPidFile(files, target)).toMatchObject({ is: "garbage" });
});

test("links, folders and devices are refused, whatever they lead to", async () => {
  symlinkSync("/dev/null", file);
  expect(await readPidFile(files, file)).toMatchObject({ is: "refused" });
  expect(await readPidFile(files, "/dev/zero")).toMatchObject({ is: "refused" });
  expect(await readPidFile(files, "/")).toMatchObject({ is: "refused" });
  expect(await readPidFile(files, "/dev/null/x")).toMatchObject({ is: "refused" });
});

test("the first word counts, with any blanks around it; a number with something on it is none", async () => {
  for (const [text, found] of [
    ["12\r\n", 12],
    ["  12  ", 12],
    ["12 host\nmore", 12],
    ["0012", 12],
    ["12abc", "garbage"],
    ["-1", "garbage"],
    ["+12", "garbage"],
    ["1e3", "garbage"],
    ["0x10", "garbage"],
    ["12.5", "garbage"],
    ["1", "garbage"],
    ["4194305", "garbage"],
    ["\uFEFF12", 12],
    ["12\n3000\n", 12],
    ["12\n/var/lib/postgresql/15/main\n1790000000\n5432\n", 12],
    ['{"pid":12}', 12],
    ['{ "port": 80, "pid": "12", "started": 17 }\n', 12],
    ['{"PID":12,"host":"a"}', 12],
    ["pid=12\n", 12],
    ["PID: 12\nport: 80\n", 12],
    ['{"port":80}', "garbage"],
    ['{"pid":12.5}', "garbage"],
    ["[12]", "garbage"],
    ['{"pid":', "garbage"],
  ] as const) {
    writeFileSync(file, text);
    expect(await readPidFile(files, file), JSON.stringify(text)).toMatchObject(
      found === "garbage" ? { is: "garbage" } : { is: "pid", pid: found },
    );
  }
});

test("FR-A6 a live program that a file names in JSON, or by pid and port, is seen", async () => {
  const child = startChild("sleep", ["3600"]);
  for (const text of [`{"pid":${child.pid}}`, `${child.pid}\n5432\n`, `pid=${child.pid}`]) {
    writeFileSync(file, text);
    expect(await see(), text).toMatchObject({
      found: "foreign",
      process: { identity: { pid: child.pid }, certain: true, doubt: null },
    });
  }
  await endChild(child);
});

test("FR-A6 a file in an unknown form with the number of a live program in it blocks a start, and is never certain", async () => {
  const child = startChild("sleep", ["3600"]);
  for (const text of [
    `[${child.pid}]`,
    `{"server":{"worker":${child.pid}}}`,
    `host-7:${child.pid}`,
    `<p>${child.pid}</p>`,
  ]) {
    writeFileSync(file, text);
    const sight = await see();
    expect(sight, text).toMatchObject({
      found: "foreign",
      process: { identity: { pid: child.pid }, certain: false, doubt: "form" },
    });
    expect(pidFileObstacle(file, sight)?.message).toContain("has a form that Unstuck does not know");
  }
  await endChild(child);
  // No program has them now; kernel threads and Unstuck itself have others.
  for (const text of [
    `[${child.pid}]`,
    "version 2.10 of 2026",
    `x${process.pid}`,
    `[${process.pid}]`,
    "v2 [2]",
  ]) {
    writeFileSync(file, text);
    expect(await see(), text).toMatchObject({ found: "stale", pid: null });
  }
});

test("FR-A6 a pid file that names a process the system hides refuses the start, in words, and is left alone", async () => {
  const hiding: Processes = {
    ...linux,
    read: (pid) => (pid === 77 ? null : linux.read(pid)),
    isHidden: () => true,
  };
  writeFileSync(file, "77\n");
  const sight = await see(hiding);
  expect(sight).toMatchObject({ found: "refused" });
  const obstacle = pidFileObstacle(file, sight);
  expect(obstacle).toMatchObject({ code: "PID_FILE_REFUSED" });
  expect(obstacle?.message).toMatch(/names process 77, .*hidepid.*Nothing was started/);
});

test("a folder that is missing, or is a file, is named before anything is started", async () => {
  expect(await folderProblem(files, file)).toBeNull();
  expect(await folderProblem(files, join(file, "..", "no", "x.pid"))).toMatch(/is not there$/);
  writeFileSync(file, "");
  expect(await folderProblem(files, join(file, "x.pid"))).toMatch(/is not a folder/);
  mkdirSync(join(file, "..", "folder"));
  expect(await folderProblem(files, join(file, "..", "folder", "x.pid"))).toBeNull();
});
