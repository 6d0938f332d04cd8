import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { isInstalled, SHELLS, startLauncherOn } from "@/test/launcher";
import { makeFifo, program, tell } from "@/test/programs";
import { canMount, mountSmallDisk, type SmallDisk } from "@/test/small-disk";
import { until } from "@/test/until";
import { readClaim, readExitRecord, readPayload, runFiles } from "../files/run-files";

let disk: SmallDisk;

for (const shell of SHELLS) {
  const missing = isInstalled(shell) ? "" : ` (skipped: ${shell.command[0]} is not installed here)`;
  const skipped = canMount ? missing : " (skipped: only root can mount a small file system)";
  describe.skipIf(skipped !== "")(`the launcher in ${shell.name} on a full disk${skipped}`, () => {
    beforeEach(() => {
      disk = mountSmallDisk("size=1m");
    });
    afterEach(() => disk.unmount());

    function files() {
      const made = runFiles(join(disk.folder, "runs"), join(disk.folder, "exits"), "run_1");
      for (const path of [made.folder, join(disk.folder, "exits")]) mkdirSync(path, { recursive: true });
      return made;
    }

    test("writes the exit code into the room it has reserved", async () => {
      const elsewhere = temporaryFolder();
      const fifo = makeFifo(join(elsewhere, "fifo"));
      const own = files();
      const { ended, log } = startLauncherOn(own, shell, elsewhere, program("exits-when-told", fifo));
      await until("its program is there", () => readPayload(own));
      disk.fill();
      await tell(fifo, 42);
      expect((await ended).code).toBe(42);
      expect([readExitRecord(own)?.status, log()]).toEqual([42, ""]);
    });

    test("leaves no claim where there is room for the exit code and for nothing else", async () => {
      const elsewhere = temporaryFolder();
      const own = files();
      // What is reserved for the exit code and for the program's line, a page each.
      const room = join(disk.folder, "room");
      writeFileSync(room, Buffer.alloc(2 * 4_096));
      disk.fill();
      rmSync(room);
      const { ended } = startLauncherOn(own, shell, elsewhere, ["sh", "-c", "echo ran > ran"]);
      expect((await ended).code).toBe(125);
      expect(existsSync(join(elsewhere, "ran"))).toBe(false);
      expect(existsSync(join(own.folder, "claim"))).toBe(false);
    });

    test("writes the exit code although no file can be made any more", async () => {
      const elsewhere = temporaryFolder();
      const fifo = makeFifo(join(elsewhere, "fifo"));
      const few = mountSmallDisk("nr_inodes=64");
      try {
        const own = runFiles(join(few.folder, "runs"), join(few.folder, "exits"), "run_1");
        for (const path of [own.folder, join(few.folder, "exits")]) mkdirSync(path, { recursive: true });
        const { ended } = startLauncherOn(own, shell, elsewhere, program("exits-when-told", fifo));
        await until("its program is there", () => readPayload(own));
        expect(() => {
          for (let at = 0; at < 100; at += 1) writeFileSync(join(few.folder, `${at}`), "");
        }).toThrow("ENOSPC");
        await tell(fifo, 42);
        expect((await ended).code).toBe(42);
        expect(readExitRecord(own)?.status).toBe(42);
      } finally {
        few.unmount();
      }
    });

    test("never starts a program whose exit code it has no room for", async () => {
      const elsewhere = temporaryFolder();
      const own = files();
      disk.fill();
      const { ended, log } = startLauncherOn(own, shell, elsewhere, ["sh", "-c", "echo ran > ran"]);
      expect((await ended).code).toBe(125);
      expect(existsSync(join(elsewhere, "ran"))).toBe(false);
      expect([readClaim(own), log()]).toEqual([null, ""]);
    });
  });
}

describe("the launcher without any room for a record", () => {
  test("ends as soon as a dashboard has given the run up and removed its folder", async () => {
    const elsewhere = temporaryFolder();
    const own = runFiles(join(elsewhere, "runs"), join(elsewhere, "exits"), "run_1");
    mkdirSync(own.folder, { recursive: true });
    const [dash = expect.fail("no shell")] = SHELLS.filter(isInstalled);
    const { ended } = startLauncherOn(own, dash, elsewhere, ["sh", "-c", "rm -r runs; exit 3"]);
    expect(await ended).toEqual({ code: 3, signal: null });
  });
});
