import { expect, test } from "vitest";
import { hostUnits } from "../host/units";
import { allPids, statOf } from "./proc-stats";

test("this very process is found, with about the memory and time Node says it has", () => {
  const me = statOf(process.pid);
  expect(allPids()).toContain(process.pid);
  const { pageBytes, msPerTick } = hostUnits();
  const { user, system } = process.cpuUsage();
  expect(me?.parent).toBe(process.ppid);
  expect((me?.rss ?? 0) * pageBytes).toBeGreaterThan(process.memoryUsage.rss() / 2);
  expect((me?.rss ?? 0) * pageBytes).toBeLessThan(process.memoryUsage.rss() * 2);
  expect((me?.own ?? 0) * msPerTick).toBeLessThan((user + system) / 1_000 + 1_000);
  expect((me?.own ?? 0) * msPerTick).toBeGreaterThan((user + system) / 2_000);
});

test("of a number that no process has nothing is told", () => {
  expect(statOf(4_194_305)).toBeNull();
});
