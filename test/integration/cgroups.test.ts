import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findCgroups } from "@/lib/supervisor/host/cgroups";
import { type Operator, operator } from "../operator";
import { isRunning, launcherOf, processesOfRun } from "../processes";
import { program } from "../programs";
import { cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

const dataDir = newDataDir();
const { mode, why } = findCgroups(dataDir);
const noGroups = mode === "none" ? ` (skipped: ${why})` : "";
const noMemory = mode === "memory" ? "" : ` (skipped: ${why})`;

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer({ dataDir });
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

/** Where the kernel says a process is, read from the folder the run's own file names. */
const groupFolder = (runId: string) => readFileSync(join(dataDir, "runs", runId, "cgroup"), "utf8").trim();
const isIn = (pid: number, runId: string) =>
  readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(`/${runId}\n`);

describe.skipIf(noGroups !== "")(`with a cgroup for each run${noGroups}`, () => {
  test("the program is in its run's group, its launcher never, and the group goes with the run", async () => {
    const run = await op.runningJob("grouped", program("forever"));
    const group = groupFolder(run.id);
    expect(isIn(run.pid, run.id)).toBe(true);
    expect(isIn(launcherOf(run), run.id)).toBe(false);
    await op.stop("grouped");
    await op.over(run.id);
    await until("its group is gone", () => !existsSync(group));
  });

  test("a start that fails leaves no group", async () => {
    const cwd = join(op.cwd, "vanishes");
    mkdirSync(cwd);
    const holder = await op.runningJob("holder", program("forever"), { locks: ["one"] });
    const home = dirname(groupFolder(holder.id));
    await op.makeJob("fails", program("forever"), { cwd, locks: ["one"] });
    const { id } = await op.start("fails");
    rmSync(cwd, { recursive: true });
    await op.stop("holder");
    expect(await op.over(id)).toMatchObject({ state: "failed", cause: "launch_failed" });
    // The folder of all groups goes with the last one.
    await until("no group is left", () => !existsSync(home));
  });

  for (let round = 1; round <= 3; round += 1)
    test(`nothing of a hostile forker survives being killed, and its launcher lives to tell (round ${round})`, async () => {
      await op.makeJob(`hostile-${round}`, program("keeps-forking"));
      const { id } = await op.startReady(`hostile-${round}`);
      await until("the tree has grown", () => processesOfRun(id).length > 3);
      await op.stop(`hostile-${round}`, { force: true });
      expect(await op.over(id)).toMatchObject({ state: "stopped", signal: "SIGKILL" });
      expect(processesOfRun(id)).toEqual([]);
    });

  test("a daemon that has cleared its environment, left the session and lost its parents is ended with its run", async () => {
    const hide = "env -i setsid sh -c 'sleep 3600 & echo $! > hidden' & wait; echo ready; exec sleep 3600";
    await op.makeJob("hiding", ["/bin/sh", "-c", hide]);
    const { id } = await op.startReady("hiding");
    const hidden = Number(readFileSync(join(op.cwd, "hidden"), "utf8"));
    expect(isRunning(hidden)).toBe(true);
    await op.stop("hiding", { graceMs: 300 });
    await op.over(id);
    expect(isRunning(hidden)).toBe(false);
  });

  test("after a kill of the dashboard a run keeps its group, and groups of runs that ended meanwhile go", async () => {
    const lives = await op.runningJob("lives", program("forever"));
    const ends = await op.runningJob("ends", program("forever"));
    const group = groupFolder(lives.id);
    await server.kill();
    process.kill(ends.pid, "SIGKILL");
    server = await startServer({ dataDir });
    op = operator(server);
    await op.over(ends.id);
    expect(isIn(lives.pid, lives.id)).toBe(true);
    await op.stop("lives", { force: true });
    await op.over(lives.id);
    await until("no group is left", () => !existsSync(join(group, "..")));
  });
});

describe.skipIf(noMemory !== "")(`with the memory controller${noMemory}`, () => {
  test("a run over its memory limit is interrupted as out of memory, with limit and peak, by the kernel's proof", async () => {
    const grows = ["/bin/sh", "-c", "x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done"];
    await op.makeJob("grows", grows, { limits: { memoryBytes: 32_000_000 } });
    const { id } = await op.start("grows");
    const run = await op.over(id);
    expect(run).toMatchObject({ state: "interrupted", cause: "out_of_memory", signal: "SIGKILL" });
    expect(run.reason).toContain("32 MB");
  });
});
