import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { isInstalled, SHELLS, startLauncher } from "@/test/launcher";
import { isRunning } from "@/test/processes";
import { until } from "@/test/until";
import { readExitRecord, readPayload } from "../files/run-files";

const OWN_END = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGQUIT: 131,
  SIGABRT: 134,
  SIGKILL: 137,
  SIGSEGV: 139,
  SIGTERM: 143,
};

/** Tells of every signal that reaches it, and ends with 7 when it is told to. */
const LISTENER = `
  const { existsSync, writeFileSync } = require("node:fs");
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"])
    process.on(signal, () => writeFileSync("got", signal));
  setInterval(() => existsSync("go") && process.exit(7), 10);
  writeFileSync("ready", "");`;

/**
 * Not a shell: bash, and the ash of busybox 1.35, ignore SIGQUIT for themselves. And where a busybox prefers its applets, as Debian's static one does, `exec sh` in it
 * is busybox's own, whatever PATH says.
 */
const ENDED_BY = `
  const { writeSync } = require("node:fs");
  writeSync(1, "before\\n");
  process.kill(process.pid, process.argv[1]);
  setTimeout(() => writeSync(1, "after\\n"), 1_000);`;

for (const shell of SHELLS) {
  const missing = isInstalled(shell) ? "" : ` (skipped: ${shell.command[0]} is not installed here)`;
  describe.skipIf(missing !== "")(`signals and the launcher in ${shell.name}${missing}`, () => {
    test("A2 a program ended by a signal is recorded as 128 + its number, without a word in its log", async () => {
      const told = Object.keys(OWN_END).map(async (signal) => {
        const argv = ["prlimit", "--core=0", process.execPath, "-e", ENDED_BY, signal];
        const { files, ended, log } = startLauncher(shell, temporaryFolder(), argv);
        const { code } = await ended;
        return [signal, code, readExitRecord(files)?.status, log()];
      });
      const expected = Object.entries(OWN_END).map(([signal, status]) => [
        signal,
        status,
        status,
        "before\n",
      ]);
      expect(await Promise.all(told)).toEqual(expected);
    });

    test("stray signals to the launcher neither end it nor reach the program", async () => {
      const folder = temporaryFolder();
      const {
        files,
        process: launcher,
        pid,
        ended,
        log,
      } = startLauncher(shell, folder, [process.execPath, "-e", LISTENER]);
      await until(
        () => `the program is ready: ${log()}`,
        () => existsSync(join(folder, "ready")),
      );
      for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGTERM", "SIGCONT"] as const)
        launcher.kill(signal);
      await until("the launcher has taken every signal", () => pendingSignals(pid) === 0n);
      expect(isRunning(pid)).toBe(true);
      expect(isRunning(readPayload(files)?.pid ?? 0)).toBe(true);
      writeFileSync(join(folder, "go"), "");
      expect(await ended).toEqual({ code: 7, signal: null });
      expect(readExitRecord(files)?.status).toBe(7);
      expect(existsSync(join(folder, "got")), "a signal reached the program").toBe(false);
    });

    test("the program gets every signal as it would without us: nothing ignored, nothing blocked", async () => {
      const argv = ["grep", "-E", "^Sig(Ign|Blk)", "/proc/self/status"];
      const { ended, log } = startLauncher(shell, temporaryFolder(), argv);
      await ended;
      const nothing = "0000000000000000";
      expect(log()).toBe(`SigBlk:\t${nothing}\nSigIgn:\t${nothing}\n`);
    });

    test("the program gets its three descriptors and no other", async () => {
      const look =
        "for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 63 255; do [ -e /proc/self/fd/$n ] && echo $n; done; exit 0";
      const { ended, log } = startLauncher(shell, temporaryFolder(), ["dash", "-c", look]);
      await ended;
      expect(log().trim().split("\n")).toEqual(["0", "1", "2"]);
    });

    test("a launcher that is killed leaves the program alive and no record that could be mistaken for one", async () => {
      const folder = temporaryFolder();
      const {
        files,
        process: launcher,
        ended,
      } = startLauncher(shell, folder, [process.execPath, "-e", LISTENER]);
      await until("the program is ready", () => existsSync(join(folder, "ready")));
      const payload = readPayload(files)?.pid ?? 0;
      launcher.kill("SIGKILL");
      expect(await ended).toEqual({ code: null, signal: "SIGKILL" });
      expect(isRunning(payload)).toBe(true);
      writeFileSync(join(folder, "go"), "");
      await until("the program is gone", () => !isRunning(payload));
      expect(readExitRecord(files)).toBeNull();
    });
  });
}

/** Signals sent and not yet taken, from both of the process's masks. */
function pendingSignals(pid: number): bigint {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  const masks = [...status.matchAll(/^(?:SigPnd|ShdPnd):\t([0-9a-f]+)$/gm)];
  return masks.reduce((all, match) => all | BigInt(`0x${match[1]}`), 0n);
}
