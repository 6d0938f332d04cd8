import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
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
    const paths = { runs: join(own, "runs") };
    mkdirSync(paths.runs);
    const script = join(process.cwd(), "lib/files/child/main.mjs");
    const log = { warn: () => undefined };
    const { files, pool } = openFiles({ script, timeoutMs: 300, ownFolder: own, log });
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
