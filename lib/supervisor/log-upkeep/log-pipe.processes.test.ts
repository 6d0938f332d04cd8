import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { OURS } from "@/test/children";
import { aJob, aQueuedRun } from "@/test/factories";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { isInstalled, type Launcher, SHELLS, type Shell, startPiped } from "@/test/launcher";
import { isRunning, kill } from "@/test/processes";
import { makeFifo, tell } from "@/test/programs";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { type RunFiles, readExitRecord, readPump, runFiles } from "../files/run-files";
import { findMembers } from "../processes/members";
import { processesOfThisHost } from "../processes/of-this-host";
import { createSupervisor } from "../supervisor";
import { watch } from "../watch/watched";
import { drained, keepPump, whyPiped } from "./log-pipe";

const MARKER = `${OURS}piped`;
const DASH: Shell = { name: "dash", command: ["dash"] };

const piped = (shell: Shell, argv: readonly string[], folder = temporaryFolder()) =>
  startPiped(shell, argv, folder, MARKER);

const REOPENS = `for i in 1 2 3 4 5; do echo page $i; done; echo warn >/dev/stderr
echo teed | tee /dev/stderr >/dev/null; echo moved >/proc/self/fd/1; exec 2>/dev/stdout; echo page 6 >&2; exit 3`;

async function pumpEnded({ files }: Launcher): Promise<void> {
  const pump = readPump(files);
  await until("the pump has ended", () => pump === null || !isRunning(pump.pid));
}

for (const shell of SHELLS.filter(isInstalled))
  test(`FR-F1 keeps every line of a program that opens /dev/stderr again, through a pipe of ${shell.name}`, async () => {
    const run = piped(shell, ["bash", "-c", REOPENS]);
    expect((await run.ended).code).toBe(3);
    await pumpEnded(run);
    expect(run.log()).toBe("page 1\npage 2\npage 3\npage 4\npage 5\nwarn\nteed\nmoved\npage 6\n");
    expect(readExitRecord(run.files)?.status).toBe(3);
  });

describe("the pump of a piped log", () => {
  test("is no member of the run, carries no marker, and outlives what the program sends its own group", async () => {
    const folder = temporaryFolder();
    const fifo = makeFifo(join(folder, "go"));
    const run = piped(
      DASH,
      ["bash", "-c", `trap : TERM; kill -TERM 0; echo still; read -r _ <${fifo}; echo end`],
      folder,
    );
    await until("it has written", () => run.log().includes("still"));
    const pump = readPump(run.files) ?? expect.fail("no pump");
    const processes = processesOfThisHost();
    expect(processes.marker(pump.pid)).toBeNull();
    const launcher = processes.read(run.pid) ?? expect.fail("no launcher");
    const tree = { marker: MARKER, launcher, payload: null, pump, sessions: new Map<number, number>() };
    const members = (await findMembers(processes, tree)).map(({ pid }) => pid);
    expect(members).not.toContain(pump.pid);
    expect(members.length).toBeGreaterThan(0);
    await tell(fifo, "go");
    await run.ended;
    await pumpEnded(run);
    expect(run.log()).toBe("still\nend\n");
  });

  test("is put in place anew when it is killed: the program waits meanwhile, and nothing of what it prints then is lost", async () => {
    const folder = join(temporaryFolder(), "nightly/logs");
    const fifo = makeFifo(join(folder, "go"));
    // More than a pipe holds.
    const run = piped(DASH, ["bash", "-c", `echo before; read -r _ <${fifo}; seq 1 50000; echo end`], folder);
    await until("it has written", () => run.log().includes("before"));
    const row = aQueuedRun(aJob());
    const { records, noted } = someRecords();
    const ports = supervisorPorts(folder, records, { logFile: () => join(folder, "log") });
    const watched = { ...watch(ports, new Map(), row), files: run.files };
    watched.tree.pump = readPump(run.files);
    await keepPump(ports, watched);
    expect(noted).toEqual([]);
    const first = watched.tree.pump?.pid ?? expect.fail("no pump");
    kill(first, "SIGKILL");
    await until("it is gone", () => !isRunning(first));
    await tell(fifo, "go");
    await until("another is there", async () => {
      await keepPump(ports, watched);
      return watched.tree.pump?.pid !== first;
    });
    await run.ended;
    // The launcher writes this if the program ends at that moment; the loss is still recorded once.
    writeFileSync(join(run.files.folder, "pump-lost"), `${first}\n`);
    await drained(ports, watched);
    const numbers = Array.from({ length: 50_000 }, (_, at) => `${at + 1}\n`).join("");
    expect(run.log() === `before\n${numbers}end\n`).toBe(true);
    expect(noted).toMatchObject([{ type: "log_pump_restarted", data: { pid: first } }]);
  });

  test("is not waited for longer than it writes, when something the run left behind holds the pipe", async () => {
    const folder = temporaryFolder();
    const fifo = makeFifo(join(folder, "go"));
    const run = piped(DASH, ["bash", "-c", `(read -r _ <${fifo}; echo late) & echo end`], folder);
    await run.ended;
    const ports = supervisorPorts(folder, someRecords().records, { logFile: () => join(folder, "log") });
    const watched = { ...watch(ports, new Map(), aQueuedRun(aJob())), files: run.files };
    watched.tree.pump = readPump(run.files);
    await drained(ports, watched);
    expect(readFileSync(join(folder, "log"), "utf8")).toBe("end\n");
    await tell(fifo, "go");
    await pumpEnded(run);
    expect(run.log()).toBe("end\nlate\n");
  });
});

test("FR-F1 which way a log is written is decided by what the run executes, and by what its job asks for", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "s.sh"), "echo a | tee /dev/stderr\n");
  writeFileSync(join(folder, "elf"), Buffer.from("\x7fELF\0/dev/stderr"));
  const CASES: readonly (readonly ["auto" | "file" | "pipe", readonly string[], string | null])[] = [
    ["auto", ["node", "scrape.mjs"], null],
    ["auto", ["sh", "-c", "echo warn >&2"], null],
    ["auto", ["sh", "-c", "echo warn > /dev/stderr"], "its command names /dev/stderr"],
    ["auto", ["wget", "--output-document=/dev/stdout"], "its command names /dev/stdout"],
    ["auto", ["sh", "-c", "tee /proc/$$/fd/2"], "its command names /proc/$$/fd/2"],
    ["auto", ["sh", "-c", "echo >/dev/fd/10"], null],
    ["auto", ["bash", "s.sh", "x"], "s.sh names /dev/stderr"],
    // A shell's own program names every such path.
    ["auto", ["./elf"], null],
    ["auto", ["bash", "gone.sh"], null],
    ["file", ["sh", "-c", "echo warn >/dev/stderr"], null],
    ["pipe", ["node", "scrape.mjs"], "its job asks for it"],
  ];
  for (const [logVia, argv, why] of CASES)
    expect(await whyPiped(testFiles(), { logVia, argv, cwd: folder, byHand: null }), argv.join(" ")).toBe(
      why,
    );
});

/** One run from its queue to its end, by a whole supervisor over real processes. */
async function ranWhole(logVia: "auto" | "file", script: (fifo: string) => string, meanwhile: Meanwhile) {
  const folder = temporaryFolder();
  const fifo = makeFifo(join(folder, "go"));
  const run = aQueuedRun(aJob({ argv: ["bash", "-c", script(fifo)], cwd: folder, logVia }));
  const { records, rows, noted } = someRecords(run);
  let atEnd = "";
  let looks = 0;
  const processes = processesOfThisHost();
  const ports = supervisorPorts(folder, records, {
    onEnded: () => {
      atEnd = text();
    },
    processes: {
      ...processes,
      read: (pid) => {
        if (pid === readPump(files)?.pid) looks += 1;
        return processes.read(pid);
      },
    },
  });
  const files = runFiles(ports.paths.runs, ports.paths.exits, run.id);
  const supervisor = createSupervisor(ports);
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  const text = () => (existsSync(ports.logFile(run)) ? readFileSync(ports.logFile(run), "utf8") : "");
  await meanwhile({
    text,
    files,
    types: () => noted.map(({ type }) => type),
    go: () => tell(fifo, "go"),
    // The sweep looks once in two seconds.
    noticed: () => rows.get(run.id)?.state === "completed" || (readExitRecord(files) !== null && looks > 4),
  });
  await until("it is over", () => rows.get(run.id)?.state === "completed");
  return { text: text(), atEnd, noted };
}

type Meanwhile = (run: {
  readonly files: RunFiles;
  text(): string;
  types(): string[];
  go(): Promise<void>;
  noticed(): boolean;
}) => Promise<void>;

const F1 = (fifo: string) =>
  `for i in 1 2 3 4 5; do echo page $i; done; echo warn >/dev/stderr; read -r _ <${fifo}; echo page 6`;

test("FR-F1 a run that writes to /dev/stderr keeps all it has printed, to its last line, and its history says why it goes through a pipe", async () => {
  const { text, noted } = await ranWhole("auto", F1, ({ go }) => go());
  expect(text).toBe("page 1\npage 2\npage 3\npage 4\npage 5\nwarn\npage 6\n");
  expect(noted).toMatchObject([{ type: "log_piped", data: { why: "its command names /dev/stderr" } }]);
});

test("FR-F1 with its log a file, the same run's loss is told while it runs", async () => {
  const { text, noted } = await ranWhole("file", F1, async ({ types, go }) => {
    await until("it is told", () => types().includes("log_truncated"));
    await go();
  });
  expect(text).toBe("warn\npage 6\n");
  expect(noted).toMatchObject([{ type: "log_truncated", data: { fromBytes: 35, toBytes: 5 } }]);
});

test("the log of a piped run is whole when its end is written, however slow its pump is", async () => {
  const script = (fifo: string) => `echo begin; read -r _ <${fifo}; seq 1 3000; : /dev/stderr`;
  const { atEnd } = await ranWhole("auto", script, async (run) => {
    await until("it has begun", () => run.text() === "begin\n");
    const pump = readPump(run.files) ?? expect.fail("no pump");
    kill(pump.pid, "SIGSTOP");
    await run.go();
    await until("its end is about to be written", () => run.noticed());
    kill(pump.pid, "SIGCONT");
  });
  expect(atEnd.split("\n").length).toBe(3_002);
});

test("FR-F1 FR-A14 a run whose pump is killed just before its end has its last words in its log when that is written, and it is told", async () => {
  const script = (fifo: string) =>
    `echo begin; read -r _ <${fifo}; echo last words >&2; exit 0; : /dev/stderr`;
  const { atEnd, noted } = await ranWhole("auto", script, async (run) => {
    await until("it has begun", () => run.text() === "begin\n");
    const { pid } = readPump(run.files) ?? expect.fail("no pump");
    kill(pid, "SIGKILL");
    await until("its pump is gone", () => !isRunning(pid));
    await run.go();
  });
  expect(atEnd).toBe("begin\nlast words\n");
  expect(noted.map(({ type }) => type)).toContain("log_pump_restarted");
});
