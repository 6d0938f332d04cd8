import { closeSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openSpawnHelper } from "@/lib/supervisor/launch/spawn-helper";
import { openLogForAppend } from "@/lib/supervisor/log/log-file";
import type { LauncherExit } from "@/lib/supervisor/watch/spawner";
import { OURS } from "./children";
import { temporaryFolder } from "./folders";
import { isRunning } from "./processes";
import { until } from "./until";

export const SCRIPT = join(import.meta.dirname, "../lib/supervisor/launch/spawner.mjs");

/** A helper of its own for a test, and what it starts. */
export function helped(script = SCRIPT) {
  const folder = join(temporaryFolder(), "job/logs");
  const path = join(folder, "run.log");
  const warned: string[] = [];
  const helper = openSpawnHelper(script, { warn: (_, event) => void warned.push(event) });
  onTestFinished(async () => {
    const pid = helper.pid();
    helper.close();
    if (pid !== null) await until("the helper has ended with its stdin", () => !isRunning(pid));
  });
  const exits: LauncherExit[] = [];
  return {
    helper,
    path,
    warned,
    exits,
    ready: () => until("there is a helper", () => helper.pid()),
    text: () => readFileSync(path, "utf8"),
    async start(script: string, { command = "/bin/sh", isGivenUp = (): boolean => false } = {}) {
      const descriptor = openLogForAppend(path);
      try {
        return await helper.spawner({
          command: [command, "-c", script],
          env: { PATH: process.env.PATH ?? "", UNSTUCK_RUN: OURS },
          log: { descriptor, path },
          record: `${path}.exit`,
          isGivenUp,
          onExit: (exit) => exits.push(exit),
        });
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/** Whose child the script is, as it says itself. */
export const PARENT = "echo $PPID";
