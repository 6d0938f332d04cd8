import { expect, test } from "vitest";
import { hostUnits, parseUsage, statAll } from "./proc-stats";

const FIELDS =
  "S 10 20 30 0 -1 4194304 1 2 3 4 101 202 303 404 20 0 1 0 5555 9999999 777 18446744073709551615 0";

for (const name of ["node", "a b", "a) S (b", ")", "tmux: server", "ü) Z 1"])
  test(`a process called ${JSON.stringify(name)} is read right`, () => {
    const bytes = Buffer.from(`7 (${name}) ${FIELDS}\n`, "latin1");
    expect(parseUsage(7, bytes, bytes.length)).toEqual({
      pid: 7,
      zombie: false,
      parent: 10,
      startTicks: 5_555,
      own: 303,
      children: 707,
      rss: 777,
    });
  });

for (const torn of ["", "7", "7 (node", "7 (node)", "7 (node) S", "7 (node) S 10 20"])
  test(`a torn line ${JSON.stringify(torn)} is nobody`, () => {
    const bytes = Buffer.from(torn);
    expect(parseUsage(7, bytes, bytes.length)).toBeNull();
  });

test("what an earlier, longer line left in the buffer is not read", () => {
  const bytes = Buffer.from(`7 (n) ${FIELDS}`);
  expect(parseUsage(7, bytes, 12)).toBeNull();
});

test("this very process is found, with about the memory and time Node says it has", async () => {
  const me = (await statAll()).get(process.pid);
  const { pageBytes, msPerTick } = hostUnits();
  const { user, system } = process.cpuUsage();
  expect(me?.parent).toBe(process.ppid);
  expect((me?.rss ?? 0) * pageBytes).toBeGreaterThan(process.memoryUsage.rss() / 2);
  expect((me?.rss ?? 0) * pageBytes).toBeLessThan(process.memoryUsage.rss() * 2);
  expect((me?.own ?? 0) * msPerTick).toBeLessThan((user + system) / 1_000 + 1_000);
  expect((me?.own ?? 0) * msPerTick).toBeGreaterThan((user + system) / 2_000);
});
