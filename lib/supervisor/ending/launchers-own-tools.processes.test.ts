import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { aJob, aQueuedRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { createSupervisor } from "../supervisor";

/** Is still there for a moment after it has done its work, as any program is. */
const SLOW_MV = `#!/usr/bin/env python3
import os, sys, time
os.rename(sys.argv[1], sys.argv[2])
time.sleep(1)
`;

test("FR-A15 what the launcher itself uses to write the exit code down is nothing that its program has left behind", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "tools"));
  writeFileSync(join(folder, "tools/mv"), SLOW_MV, { mode: 0o755 });
  const run = aQueuedRun(aJob({ argv: ["true"], cwd: folder }));
  const { records, rows, noted } = someRecords(run);
  const baseEnv = { PATH: `${join(folder, "tools")}:${process.env.PATH ?? ""}` };
  const supervisor = createSupervisor(supervisorPorts(folder, records, { baseEnv }));
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  const over = await until("it is over", () => {
    const row = rows.get(run.id);
    return row?.state === "completed" ? row : null;
  });
  expect(noted).toEqual([]);
  expect(over.reason).toBe("Exited with code 0.");
});
