import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { hangingMount, noHangingMount, waitsForMount } from "@/test/hanging-mount";
import { isInstalled, SCRIPT, SHELLS } from "@/test/launcher";
import { until } from "@/test/until";
import { readClaim, revoke, runFiles } from "../files/run-files";

const NO_MOUNT = noHangingMount();
const why = NO_MOUNT === null ? "" : ` [skipped: ${NO_MOUNT}]`;

describe.skipIf(NO_MOUNT !== null)(`a launcher whose working folder does not answer${why}`, () => {
  for (const { name, command, argv0 } of SHELLS.filter(isInstalled))
    test(`CR-6.1 holds up nobody who starts it in ${name}, and does nothing when it comes after its run was given up`, async () => {
      const mount = await hangingMount();
      const folder = temporaryFolder();
      const files = runFiles(join(folder, "runs"), join(folder, "exits"), "run_1");
      for (const path of [files.folder, join(folder, "exits")]) mkdirSync(path, { recursive: true });
      mount.hang();
      const [shell = "", ...before] = command;
      const argv = [...before, SCRIPT, files.folder, files.exitFile, mount.path, "sh", "-c", "echo > ran"];
      const launcher = startChild(shell, argv, {
        cwd: "/",
        env: { UNSTUCK_RUN: "run_1.token" },
        ...(argv0 === undefined ? {} : { argv0 }),
      });
      await until("it waits in the kernel", () => waitsForMount(launcher.pid));
      expect(readClaim(files)).toBeNull();
      expect(revoke(files, "start_timeout")).toBe(true);
      mount.answer();
      expect(await launcher.ended).toMatchObject({ code: 125 });
      expect(readdirSync(mount.behind)).toEqual(["mounted"]);
    });
});
