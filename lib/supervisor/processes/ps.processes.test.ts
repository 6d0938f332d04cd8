import { describe, expect, test } from "vitest";
import { endChild, startChild } from "@/test/children";
import { until } from "@/test/until";
import { linuxProcesses } from "./linux";
import { isAlive } from "./processes";
import { parseLine, psProcesses } from "./ps";

describe("a line of ps", () => {
  const at = Math.floor(Date.parse("Sun Nov 22 10:00:00 2026") / 1_000);
  const LINES: readonly (readonly [string, object | null])[] = [
    [
      "  812     1   811   810 S    Sun Nov 22 10:00:00 2026",
      { pid: 812, parent: 1, group: 811, session: 810, state: "S", startTicks: at },
    ],
    ["812 1 811 810 Ssl+ Sun Nov 22 10:00:00 2026", { state: "S", startTicks: at }],
    ["812 1 811 0 S Sun Nov  2 10:00:00 2026", { session: 0 }],
    ["812 1 811 0 Z Sun Nov 22 10:00:00 2026", null],
    ["812 1 811 0 S", null],
    ["812 1 811 0 S yesterday", null],
    ["  PID PPID PGID SESS STAT STARTED", null],
    ["", null],
    ["ps: illegal option", null],
  ];
  for (const [line, expected] of LINES)
    test(`${JSON.stringify(line)} is ${expected === null ? "nobody" : "a process"}`, () => {
      const [info] = parseLine(line);
      if (expected === null) expect(info).toBeUndefined();
      else expect(info).toMatchObject(expected);
    });

  test("takes a session in hexadecimal, as macOS prints it, without failing", () => {
    expect(parseLine("812 1 811 7fa2b0 S Sun Nov 22 10:00:00 2026")).toHaveLength(1);
  });
});

test("the real ps of this machine agrees with /proc on who is who", async () => {
  const child = startChild("sleep", ["300"]);
  const ps = psProcesses();
  const linux = linuxProcesses();
  const seen = await until("ps sees it", () => ps.read(child.pid));
  const { pid, parent, group, session } = linux.read(child.pid) ?? {};
  expect(seen).toMatchObject({ pid, parent, group, session });
  expect(Math.abs(seen.startTicks * 1_000 - Date.now()), "started within the last minute").toBeLessThan(
    60_000,
  );
  expect(isAlive(ps, seen)).toBe(true);
  expect(isAlive(ps, { ...seen, startTicks: seen.startTicks - 5 })).toBe(false);
  const all = await ps.list();
  expect(all.map((info) => info.pid)).toEqual(expect.arrayContaining([1, process.pid, child.pid]));
  await endChild(child);
  expect(ps.read(child.pid)).toBeNull();
});

test("ps reads no environments, and its host instance stays the same", () => {
  const ps = psProcesses();
  expect(ps.marker(process.pid)).toBeNull();
  expect(ps.hostInstance()).toMatch(/^\w+\/\d+$/);
  expect(ps.hostInstance()).toBe(ps.hostInstance());
});
