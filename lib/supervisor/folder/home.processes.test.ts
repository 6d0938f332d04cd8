import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Files } from "@/lib/domain/files";
import { openFiles } from "@/lib/files/files";
import { nextRunId } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { hangingMount, noHangingMount } from "@/test/hanging-mount";
import { until } from "@/test/until";
import { processesOfThisHost } from "../processes/of-this-host";
import { elsewhereIfSilent, homeOf } from "./home";

const NO_MOUNT = noHangingMount();
const why = NO_MOUNT === null ? "" : ` [skipped: ${NO_MOUNT}]`;
const processes = processesOfThisHost();

/** A process that says it is a run of a data folder. @param around what starts it, as `unshare --mount` */
async function givenProcess(runs: string, around: readonly string[] = []) {
  const runId = nextRunId();
  const env = { ...process.env, UNSTUCK_PROGRESS_FILE: join(runs, runId, "progress.json") };
  const [program = "", ...args] = [...around, "sleep", "600"];
  const child = spawn(program, args, { env, stdio: "ignore" });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  const pid = child.pid ?? 0;
  await until("it is its program", () => processes.describe(pid)?.command.startsWith("sleep") === true);
  return { pid, runId };
}

test.skipIf(NO_MOUNT !== null)(
  `CR-6.1 processes that name a data folder on a mount that does not answer hold up nobody, and others are still told apart${why}`,
  async () => {
    const own = temporaryFolder();
    const paths = { runs: join(own, "runs"), runAs: join(own, "_run-as") };
    mkdirSync(paths.runs);
    const script = join(process.cwd(), "lib/files/child/main.mjs");
    const log = { warn: () => undefined };
    const { files, pool } = openFiles({ script, timeoutMs: 300, ownFolder: own, log, me: null });
    const mount = await hangingMount();
    onTestFinished(() => pool.close());
    const stranger = join(mount.path, "runs");
    mkdirSync(stranger);
    const inContainer = ["unshare", "--mount"];
    const [here, there, thereToo, hereInside, thereInside] = [
      await givenProcess(paths.runs),
      await givenProcess(stranger),
      await givenProcess(stranger),
      await givenProcess(paths.runs, inContainer),
      await givenProcess(stranger, inContainer),
    ];
    const home = ({ pid, runId }: typeof here) => homeOf({ processes, paths, files }, pid, runId, null);
    for (const one of [here, hereInside]) expect(await home(one)).toBe("here");
    for (const one of [there, thereToo, thereInside]) expect(await home(one)).toBe("elsewhere");

    mount.hang();
    const silent = (hangsAt: string) => ({ code: "PATH_NOT_ANSWERING", details: { hangsAt } });
    for (const one of [there, thereToo]) await expect(home(one)).rejects.toMatchObject(silent(mount.path));
    await expect(home(thereInside)).rejects.toMatchObject(silent(`/proc/${thereInside.pid}/root${stranger}`));
    expect(await home(there).catch(elsewhereIfSilent)).toBe("elsewhere");
    // Neither is /proc taken to hang, nor does each such process cost one that waits.
    for (const one of [here, hereInside]) expect(await home(one)).toBe("here");
    expect(pool.pids().length).toBeLessThanOrEqual(4);
    mount.answer();
    await until("it is asked again", async () => (await home(there).catch(() => null)) === "elsewhere");
  },
);

test("a launcher is known by the log it holds open, without a disk being asked, until that is another file", async () => {
  const own = temporaryFolder();
  const log = join(own, "run.log");
  const output = openSync(log, "a");
  const child = spawn("sleep", ["600"], { stdio: ["ignore", output, "ignore"] });
  closeSync(output);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  const pid = child.pid ?? 0;
  await until("it is its program", () => processes.describe(pid)?.command.startsWith("sleep") === true);
  let asked = 0;
  const behind: Files["behind"] = async (paths) => {
    asked += 1;
    return paths.map(() => ({ failed: "ENOENT", message: "" }));
  };
  const home = (path: string) =>
    homeOf(
      { processes, paths: { runs: join(own, "runs"), runAs: own }, files: { own: { behind } } },
      pid,
      nextRunId(),
      path,
    );
  expect(await home(log)).toBe("here");
  expect(asked).toBe(0);
  linkSync(log, join(own, "same-inode.log"));
  expect(await home(join(own, "same-inode.log")), "an inode alone proves nothing").toBe("unknown");
  expect(asked).toBe(1);
  renameSync(log, join(own, "moved.log"));
  expect(await home(join(own, "moved.log"))).toBe("here");
  writeFileSync(log, "");
  expect(await home(log), "another file has its name").toBe("unknown");
  rmSync(join(own, "moved.log"));
  expect(await home(join(own, "moved.log")), "it was deleted").toBe("unknown");
});

test("a process that names the runs folder by the very same path is from here, and no disk is asked", async () => {
  const own = temporaryFolder();
  const paths = { runs: join(own, "runs"), runAs: join(own, "_run-as") };
  const { pid, runId } = await givenProcess(paths.runs);
  const behind: Files["behind"] = () => Promise.reject(new Error("asked"));
  expect(await homeOf({ processes, paths, files: { own: { behind } } }, pid, runId, null)).toBe("here");
  const other = { ...paths, runs: join(own, "other") };
  await expect(
    homeOf({ processes, paths: other, files: { own: { behind } } }, pid, runId, null),
  ).rejects.toThrow("asked");
});
