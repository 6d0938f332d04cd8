import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { getPriority } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { isInstalled, SHELLS, startLauncher, startLauncherOn } from "@/test/launcher";
import { isRunning } from "@/test/processes";
import { until } from "@/test/until";
import { readClaim, readExitRecord, readPayload, runFiles } from "../files/run-files";
import { linuxProcesses } from "../processes/linux";

const NASTY = [
  "",
  " ",
  "two words",
  "it's",
  'a "b"',
  "*",
  "[a-z]?",
  "a\nb\n",
  "$HOME",
  "`id`",
  "$(id)",
  "\\",
  "a\\nb",
  "-n",
  "--",
  "-",
  "ü🕷",
  "\t",
  "#",
  ";&|<>",
];

for (const shell of SHELLS) {
  const missing = isInstalled(shell) ? "" : ` (skipped: ${shell.command[0]} is not installed here)`;
  describe.skipIf(missing !== "")(`the launcher in ${shell.name}${missing}`, () => {
    test("B4 records every exit code and ends with it", async () => {
      const codes = [0, 1, 3, 100, 125, 126, 127, 128, 255];
      const told = codes.map(async (code) => {
        const { files, ended } = startLauncher(shell, temporaryFolder(), ["sh", "-c", `exit ${code}`]);
        return [(await ended).code, readExitRecord(files)?.status];
      });
      expect(await Promise.all(told)).toEqual(codes.map((code) => [code, code]));
    });

    test("B10 records 127 for a program that is not there and 126 for one that may not be run", async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "plain"), "text", { mode: 0o644 });
      expect((await startLauncher(shell, folder, ["/no/such/program"]).ended).code).toBe(127);
      rmSync(join(folder, "runs"), { recursive: true });
      expect((await startLauncher(shell, folder, [join(folder, "plain")]).ended).code).toBe(126);
    });

    test("hands every argument on unchanged", async () => {
      const argv = [process.execPath, "-p", "JSON.stringify(process.argv.slice(1))", "--", ...NASTY];
      const { ended, log } = startLauncher(shell, temporaryFolder(), argv);
      expect((await ended).code).toBe(0);
      expect(JSON.parse(log())).toEqual(NASTY);
    });

    test("works in folders with spaces, quotes, globs and newlines in their names", async () => {
      const folder = join(temporaryFolder(), "a b 'c' \"d\" *[e]\n-f $g");
      mkdirSync(folder);
      const { files, ended } = startLauncher(shell, folder, ["sh", "-c", "exit 4"]);
      expect((await ended).code).toBe(4);
      expect(readExitRecord(files)?.status).toBe(4);
      expect(readClaim(files)?.by).toBe("launcher");
    });

    test("hands the environment on unchanged, also under names it could use itself", async () => {
      const names = "run exit_file stat pid me status left folder code signal argv".split(" ");
      const env = Object.fromEntries(names.map((name) => [name, `${name} of the job`]));
      const show = `const { ${names} } = process.env; console.log(JSON.stringify({ ${names} }))`;
      const { ended, log } = startLauncher(shell, temporaryFolder(), [process.execPath, "-e", show], env);
      expect((await ended).code, log()).toBe(0);
      expect(JSON.parse(log())).toEqual(env);
    });

    test("writes down itself and the program, each by pid and start time", async () => {
      const folder = temporaryFolder();
      const wait = "while [ ! -e go ]; do sleep 0.05; done";
      const { files, pid, ended } = startLauncher(shell, folder, ["sh", "-c", wait]);
      const payload = await until("the program is there", () => readPayload(files));
      const { read } = linuxProcesses();
      expect(readClaim(files)).toEqual({
        by: "launcher",
        pid,
        identity: { pid, startTicks: read(pid)?.startTicks },
      });
      expect(read(payload.pid)).toMatchObject({ parent: pid, session: pid, startTicks: payload.startTicks });
      writeFileSync(join(folder, "go"), "");
      expect((await ended).code).toBe(0);
    });

    test("E8 never touches the program when somebody else has the claim, and ends with 125", async () => {
      const folder = temporaryFolder();
      const files = runFiles(join(folder, "runs"), join(folder, "exits"), "run_1");
      mkdirSync(files.folder, { recursive: true });
      mkdirSync(join(folder, "exits"));
      writeFileSync(join(files.folder, "claim"), "revoked recovery\n");
      const { ended, log } = startLauncherOn(files, shell, folder, ["sh", "-c", "echo ran > ran"]);
      expect(await ended).toEqual({ code: 125, signal: null });
      expect(existsSync(join(folder, "ran"))).toBe(false);
      expect(readFileSync(join(files.folder, "claim"), "utf8")).toBe("revoked recovery\n");
      expect([readExitRecord(files), readPayload(files), log()]).toEqual([null, null, ""]);
    });

    test("never touches the program when the run's folder is gone", async () => {
      const folder = temporaryFolder();
      const files = runFiles(join(folder, "runs"), join(folder, "exits"), "run_1");
      const { ended } = startLauncherOn(files, shell, folder, ["sh", "-c", "echo ran > ran"]);
      expect((await ended).code).toBe(125);
      expect(existsSync(join(folder, "ran"))).toBe(false);
    });

    test("writes the record although a child of the program lives on and holds the log open", async () => {
      const folder = temporaryFolder();
      const argv = ["sh", "-c", "while [ ! -e go ]; do sleep 0.05; done & echo $!; exit 6"];
      const { files, ended, log } = startLauncher(shell, folder, argv);
      expect((await ended).code).toBe(6);
      expect(readExitRecord(files)?.status).toBe(6);
      const child = Number(log());
      expect(isRunning(child)).toBe(true);
      writeFileSync(join(folder, "go"), "");
      await until("the child is gone", () => !isRunning(child));
    });

    test("both streams of the program reach the log, and nothing else does", async () => {
      const argv = ["sh", "-c", "echo out; echo err >&2; printf end"];
      const { ended, log } = startLauncher(shell, temporaryFolder(), argv);
      await ended;
      expect(log()).toBe("out\nerr\nend");
    });

    test("sets the limits it finds on the program, and on the program alone", async () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, "runs/run_1"), { recursive: true });
      writeFileSync(
        join(folder, "runs/run_1/limits"),
        `nice 3 ${getPriority() + 3}\nfiles 99\ndata 700000\n`,
      );
      const show = "cut -d' ' -f19 /proc/$$/stat; ulimit -n; ulimit -d; cut -d' ' -f19 /proc/$PPID/stat";
      const { ended, log } = startLauncher(shell, folder, ["sh", "-c", show]);
      expect((await ended).code).toBe(0);
      expect(log()).toBe(`${getPriority() + 3}\n99\n700000\n${getPriority()}\n`);
    });

    for (const [order, value] of [
      ["files", "99999999999"],
      ["data", "nonsense"],
      ["cgroup", "/no/such/group"],
      ["nice", "3 9"],
      ["unheard-of", "1"],
    ])
      test(`never begins when the limit "${order} ${value}" cannot be had, and says which it was`, async () => {
        const folder = temporaryFolder();
        mkdirSync(join(folder, "runs/run_1"), { recursive: true });
        writeFileSync(join(folder, "runs/run_1/limits"), `${order} ${value}\n`);
        const { files, ended } = startLauncher(shell, folder, ["sh", "-c", "echo ran > ran"]);
        expect((await ended).code).toBe(125);
        expect(readFileSync(join(files.folder, "refused"), "utf8")).toBe(`${order}\n`);
        expect([readClaim(files), existsSync(join(folder, "ran"))]).toEqual([null, false]);
      });

    test("goes on without a group that is not there, when no limit depends on it", async () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, "runs/run_1"), { recursive: true });
      writeFileSync(join(folder, "runs/run_1/cgroup"), "/no/such/group\n");
      const { ended, log } = startLauncher(shell, folder, ["sh", "-c", "echo ran"]);
      expect((await ended).code).toBe(0);
      expect(log()).toBe("ran\n");
    });

    test("records the processor time of the program and of all that was waited for", async () => {
      const burn = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done";
      const { files, ended } = startLauncher(shell, temporaryFolder(), ["sh", "-c", `(${burn}); exit 3`]);
      await ended;
      expect(readExitRecord(files)).toMatchObject({ status: 3 });
      expect(readExitRecord(files)?.ticks).toBeGreaterThan(1);
      expect(readExitRecord(files)?.ticks).toBeLessThan(1_000);
    });

    test("starts no program but the one it is for where its parent puts the record on the disk", async () => {
      const env = { PATH: "/nowhere", UNSTUCK_SYNCER: String(process.pid) };
      const argv = [process.execPath, "-e", "process.exit(process.env.UNSTUCK_SYNCER === undefined ? 7 : 8)"];
      const { files, ended } = startLauncher(shell, temporaryFolder(), argv, env);
      expect((await ended).code).toBe(7);
      expect(readClaim(files)?.by).toBe("launcher");
      expect(readExitRecord(files)?.status).toBe(7);
    });

    test("tries again when the record cannot be written at first, as on a full disk", async () => {
      const folder = temporaryFolder();
      const { files, ended } = startLauncher(shell, folder, ["sh", "-c", "rmdir exits; exit 9"]);
      const payload = await until("the program is there", () => readPayload(files));
      await until("the program is gone", () => !isRunning(payload.pid));
      mkdirSync(join(folder, "exits"));
      expect((await ended).code).toBe(9);
      expect(readExitRecord(files)?.status).toBe(9);
    });
  });
}
