import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { isInstalled, SCRIPT, SHELLS, startLauncherOn } from "@/test/launcher";
import { until } from "@/test/until";
import { type RunFiles, readExitRecord, readPayload, runFiles } from "../files/run-files";

/** A folder for PATH whose dd notes what it finds when it is started: the record, and whether it was said already that there is one. */
function givenDd(folder: string, files: RunFiles) {
  const [bin, noted] = [join(folder, "bin"), join(folder, "dd.log")];
  mkdirSync(bin);
  const script = `#!/bin/sh
read -r record <'${files.folder}/exit'
if [ -e '${files.exitFile}' ]; then said=yes; else said=no; fi
echo "$record, said: $said, $*" >>'${noted}'
exec /bin/dd "$@"
`;
  writeFileSync(join(bin, "dd"), script);
  chmodSync(join(bin, "dd"), 0o755);
  return {
    path: `${bin}:/usr/bin:/bin`,
    noted: () => (existsSync(noted) ? readFileSync(noted, "utf8") : ""),
  };
}

function givenFiles(folder: string): RunFiles {
  const files = runFiles(join(folder, "runs"), join(folder, "exits"), "run_1");
  for (const path of [files.folder, join(folder, "exits")]) mkdirSync(path, { recursive: true });
  return files;
}

const RECORD_ON_DISK = /^9 \d+ \d+, said: no, if=\/dev\/null of=.*\/exit conv=notrunc,fsync\n$/;

// Busybox takes the dd that is in itself.
for (const shell of SHELLS.filter(({ name }) => !name.startsWith("busybox"))) {
  const missing = isInstalled(shell) ? "" : ` (skipped: ${shell.command[0]} is not installed here)`;
  describe.skipIf(missing !== "")(`the exit record of the launcher in ${shell.name}${missing}`, () => {
    test("is put on the disk before the launcher says that it is there", async () => {
      const folder = temporaryFolder();
      const files = givenFiles(folder);
      const dd = givenDd(folder, files);
      const { ended } = startLauncherOn(files, shell, folder, ["sh", "-c", "exit 9"], { PATH: dd.path });
      expect((await ended).code).toBe(9);
      expect(dd.noted()).toMatch(RECORD_ON_DISK);
      expect(readExitRecord(files)?.status).toBe(9);
    });

    test("stays as it is when the same launcher is started once more", async () => {
      const folder = temporaryFolder();
      const files = givenFiles(folder);
      expect((await startLauncherOn(files, shell, folder, ["sh", "-c", "exit 9"]).ended).code).toBe(9);
      expect((await startLauncherOn(files, shell, folder, ["sh", "-c", "exit 8"]).ended).code).toBe(125);
      expect(readExitRecord(files)?.status).toBe(9);
    });

    test("is left to a parent that puts it there, for as long as that one lives", async () => {
      const folder = temporaryFolder();
      const files = givenFiles(folder);
      const dd = givenDd(folder, files);
      const env = { PATH: dd.path, UNSTUCK_SYNCER: String(process.pid) };
      const { ended } = startLauncherOn(files, shell, folder, ["sh", "-c", "exit 9"], env);
      expect((await ended).code).toBe(9);
      expect([dd.noted(), readExitRecord(files)?.status]).toEqual(["", 9]);
    });

    test("is put on the disk by the launcher when the parent that would have is gone", async () => {
      const folder = temporaryFolder();
      const files = givenFiles(folder);
      const dd = givenDd(folder, files);
      const program = ["sh", "-c", "while [ ! -e go ]; do sleep 0.02; done; exit 9"];
      const launcher = [...shell.command, SCRIPT, files.folder, files.exitFile, folder, ...program];
      const parent = startChild("/bin/sh", ["-c", 'UNSTUCK_SYNCER=$$ "$@" & read -r _', "sh", ...launcher], {
        env: { PATH: dd.path },
        stdio: ["pipe", "ignore", "ignore"],
      });
      await until("the program is there", () => readPayload(files));
      parent.process.stdin?.end();
      await parent.ended;
      writeFileSync(join(folder, "go"), "");
      await until("the record is there", () => readExitRecord(files));
      expect(readExitRecord(files)?.status).toBe(9);
      expect(dd.noted()).toMatch(RECORD_ON_DISK);
    });
  });
}
