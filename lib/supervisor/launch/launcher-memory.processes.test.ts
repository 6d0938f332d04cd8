import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { isInstalled, SHELLS, startLauncher } from "@/test/launcher";

/**
 * Linux counts the peak of whatever forked a process as the process's own, until it forks again: `ru_maxrss` outlives exec. Scrapy reports it
 * as `memusage/startup` and ends itself above MEMUSAGE_LIMIT_MB. The launcher's shell stands between, so a run's figure is its own.
 */
const PEAK = [process.execPath, "-p", "process.resourceUsage().maxRSS"];
const HELD_MIB = 300;

describe("a program's peak memory is its own, however large the dashboard is", () => {
  const held = Buffer.alloc(HELD_MIB * 1024 * 1024, 1);

  test("it is not where nothing stands between: what the launcher is there to keep from a run", () => {
    const { stdout } = spawnSync(PEAK[0] ?? "", PEAK.slice(1), { encoding: "utf8" });
    expect(Number(stdout) / 1024).toBeGreaterThan(HELD_MIB);
    expect(held[0]).toBe(1);
  });

  for (const shell of SHELLS.filter(isInstalled)) {
    test(`below the launcher in ${shell.name}`, async () => {
      const launcher = startLauncher(shell, temporaryFolder(), PEAK);
      expect(await launcher.ended).toMatchObject({ code: 0 });
      expect(Number(launcher.log()) / 1024).toBeLessThan(HELD_MIB / 2);
    });
  }
});
