import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endChild } from "../children";
import { oneServer } from "../one-server";
import { pidIn } from "../pid-files";
import { makeFifo, program } from "../programs";
import type { Answer } from "../server";
import { until } from "../until";
import { startZombie } from "../zombie";

const its = oneServer();

const fileOf = (name: string) => join(its.op.cwd, `${name}.pid`);

/** A job with a pid file of its name. */
async function singleton(name: string, argv = program("forever"), more: Record<string, unknown> = {}) {
  await its.op.makeJob(name, argv, { pidFile: `${name}.pid`, ...more });
  return fileOf(name);
}

const refused = async (job: string, status = 409) =>
  (await its.op.call("POST", `/api/v1/jobs/${job}/start`, status)) as Answer;

/** Everything that proves nobody is there: it is replaced, and the run says what was found. */
const STALE: readonly (readonly [string, (file: string) => unknown, string | RegExp])[] = [
  ["of a process that is gone", (file) => writeFileSync(file, `${gonePid()}\n`), "there is no such process"],
  ["with garbage", (file) => writeFileSync(file, "running!\n"), /no pid in a form that is known/],
  [
    "with a pid that has letters on it",
    (file) => writeFileSync(file, `${process.pid}abc`),
    /no pid in a form that is known/,
  ],
  ["that is empty", (file) => writeFileSync(file, ""), "it is empty"],
  ["of blanks", (file) => writeFileSync(file, " \r\n\n"), "it is empty"],
  ["that names process 0", (file) => writeFileSync(file, "0\n"), /no program's pid/],
  ["that names process 1", (file) => writeFileSync(file, "1\n"), /no program's pid/],
  ["that names process -1", (file) => writeFileSync(file, "-1\n"), /no pid in a form that is known/],
  [
    "with a number no pid can be",
    (file) => writeFileSync(file, "99999999999999999999\n"),
    /no program's pid/,
  ],
  ["that names Unstuck itself", (file) => writeFileSync(file, `${its.server.pid}\n`), /Unstuck itself/],
  ["of NUL bytes", (file) => writeFileSync(file, Buffer.alloc(16)), /no pid in a form that is known/],
  [
    "of a gigabyte",
    (file) => {
      writeFileSync(file, "4\n");
      truncateSync(file, 2 ** 30);
    },
    /1073741824 bytes/,
  ],
];

function gonePid(): number {
  return Number(execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }));
}

for (const [index, [what, write, found]] of STALE.entries()) {
  test(`D1 a pid file ${what} is stale: it is replaced and the run says so`, async () => {
    const name = `stale-${index}`;
    const file = await singleton(name);
    write(file);
    expect(await its.op.status(name)).toMatchObject({ running: false, pidFileDetected: false });
    const run = await its.op.running((await its.op.start(name)).id);
    expect(pidIn(file)).toBe(run.pid);
    const event = await until("it is told", async () =>
      (await its.op.events(run.id)).find(({ type }: Answer) => type === "pid_file_replaced"),
    );
    expect(event.data.found).toMatch(found);
  });
}

test("a pid file of a process that has ended but is not yet taken note of is stale", async () => {
  const file = await singleton("zombie");
  const { pid, parent } = await startZombie();
  writeFileSync(file, `${pid}\n`);
  expect(await its.op.status("zombie")).toMatchObject({ running: false, pidFileDetected: false });
  await its.op.running((await its.op.start("zombie")).id);
  await endChild(parent);
});

/** What is no plain file is left exactly as it is. */
const REFUSED: readonly (readonly [string, (file: string) => unknown])[] = [
  ["folder", (file) => mkdirSync(file)],
  ["FIFO", (file) => makeFifo(file)],
  ["link to a file", (file) => symlinkSync(withText(`${file}.target`), file)],
  ["link to nothing", (file) => symlinkSync(`${file}.nowhere`, file)],
];

function withText(path: string): string {
  writeFileSync(path, "precious\n");
  return path;
}

for (const [index, [what, make]] of REFUSED.entries()) {
  test(`a ${what} in place of the pid file is refused, and nothing is changed or started`, async () => {
    const name = `refused-${index}`;
    const file = await singleton(name);
    make(file);
    const problem = await refused(name);
    expect(problem).toMatchObject({ code: "PID_FILE_REFUSED", details: { pidFile: file } });
    expect(await its.op.status(name)).toMatchObject({ running: false, pidFileDetected: false });
    expect(await its.op.runsOf(name)).toEqual([]);
    expect(existsSync(`${file}.nowhere`)).toBe(false);
    if (existsSync(`${file}.target`)) expect(readFileSync(`${file}.target`, "utf8")).toBe("precious\n");
    rmSync(file, { recursive: true });
  });
}
