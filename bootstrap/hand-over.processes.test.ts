import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Child, startChild } from "@/test/children";
import { otherNode } from "@/test/other-node";
import { isRunning, kill, stateOf } from "@/test/processes";
import { until } from "@/test/until";

const other = otherNode();
const PROGRAM = join(import.meta.dirname, "../test/programs/bootstrapped.mjs");
const TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])) % 256)";

type Facts = { pid: number; service: number; group: number; session: number; execPath: string } & Record<
  string,
  unknown
>;
type Kept = Child & { output(): string; facts(): Promise<Facts>; up(): Promise<Facts> };

function start(words: readonly string[], through: readonly string[] = []): Kept {
  const [command = "", ...args] = [...through, process.execPath, PROGRAM, ...words];
  const child = startChild(command, args, { stdio: "pipe", env: { UNSTUCK_NODE: other.path } });
  let printed = "";
  for (const stream of [child.process.stdout, child.process.stderr])
    stream?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const facts = () =>
    until<Facts>(
      () => `the program tells who it is:\n${printed}`,
      () => {
        const line = /^\{.*\}/m.exec(printed)?.[0];
        return line === undefined ? (null as never) : JSON.parse(line);
      },
    );
  const up = async () => {
    const found = await facts();
    await until("it is up", () => /^up/m.test(printed));
    return found;
  };
  return { ...child, output: () => printed, facts, up };
}

/** A terminal writes ^C before what Ctrl-C does. */
const counted = (child: Kept, signal: string) =>
  child.output().match(new RegExp(`^(\\^C)?${signal}\r?$`, "gm"))?.length ?? 0;

test("the child runs under the other Node, in a session of its own, and nothing of the bootstrap is in its environment", async () => {
  const parent = start(["own", "with a space"]);
  const facts = await parent.up();
  expect(facts).toMatchObject({
    execPath: other.path,
    service: parent.pid,
    argv: ["own", "with a space"],
    env: [],
    path: process.env.PATH,
  });
  expect(facts.session).toBe(facts.pid);
  expect(await parent.ended).toEqual({ code: 0, signal: null });
});

test("each signal sent to the parent reaches the child exactly once", async () => {
  const parent = start(["own", "count", "stay"]);
  const { pid } = await parent.up();
  for (const signal of ["SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGTERM"] as const) {
    kill(parent.pid, signal);
    await until(`${signal} has arrived`, () => counted(parent, signal) > 0);
  }
  // The last one has arrived, so a second one of those before it would have, too.
  for (const signal of ["SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGTERM"])
    expect(`${signal} ${counted(parent, signal)}`).toBe(`${signal} 1`);
  kill(pid, "SIGKILL");
  expect(await parent.ended).toEqual({ code: null, signal: "SIGKILL" });
});

test("Ctrl-C in a terminal reaches the child once, whether it has a group of its own or not", async () => {
  for (const group of ["own", "shared"]) {
    const terminal = start([group, "count", "stay"], ["python3", "-c", TERMINAL]);
    const { pid, service } = await terminal.up();
    // Two of the same that wait to be delivered become one, so the parent's own has to come late.
    kill(service, "SIGSTOP");
    await until("the parent stands still", () => stateOf(service) === "T");
    terminal.process.stdin?.write("\x03");
    await until("the terminal has sent its signal", () => terminal.output().includes("^C"));
    if (group === "shared") await until("Ctrl-C has arrived", () => counted(terminal, "SIGINT") > 0);
    // The parent takes one after the other, so a second Ctrl-C of its making would be there before this.
    kill(service, "SIGUSR2");
    kill(service, "SIGCONT");
    await until("what was sent later has arrived", () => counted(terminal, "SIGUSR2") > 0);
    expect(counted(terminal, "SIGINT")).toBe(1);
    kill(pid, "SIGKILL");
    await terminal.ended;
  }
});

test.each(["own", "shared"])("a terminal can be read from in %s group", async (group) => {
  const terminal = start([group, "read"], ["python3", "-c", TERMINAL]);
  await terminal.up();
  terminal.process.stdin?.write("yes\n");
  expect(await terminal.ended).toEqual({ code: 0, signal: null });
  expect(terminal.output()).toContain("read yes");
});

test("without a terminal a command gets what is sent to the parent, Ctrl-C's signal too", async () => {
  const parent = start(["shared", "count", "stay"], ["setsid", "--wait"]);
  const { pid, service } = await parent.up();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    kill(service, signal);
    await until(`${signal} has arrived`, () => counted(parent, signal) > 0);
    expect(counted(parent, signal)).toBe(1);
  }
  kill(pid, "SIGKILL");
  await parent.ended;
});

test("exit codes and deaths by signal pass through", async () => {
  const failed = start(["own", "fail"]);
  const died = start(["own", "die"]);
  const ended = start(["own", "stay"]);
  await ended.up();
  kill(ended.pid, "SIGTERM");
  expect(await failed.ended).toEqual({ code: 42, signal: null });
  expect(await died.ended).toEqual({ code: null, signal: "SIGKILL" });
  expect(await ended.ended, "the program takes SIGTERM as every program does").toEqual({
    code: null,
    signal: "SIGTERM",
  });
});

test.each(["own", "shared"])("a parent that is gone takes its child in %s group with it", async (group) => {
  const parent = start([group, "count", "stay"]);
  const { pid } = await parent.up();
  kill(parent.pid, "SIGKILL");
  await parent.ended;
  await until("the child has gone", () => !isRunning(pid));
});

test("Ctrl-Z stops both, and both go on", async () => {
  const parent = start(["own", "count", "stay"]);
  const { pid } = await parent.up();
  kill(parent.pid, "SIGTSTP");
  await until("both stand still", () => [parent.pid, pid].every((each) => stateOf(each) === "T"));
  kill(parent.pid, "SIGCONT");
  await until("both go on", () => [parent.pid, pid].every((each) => stateOf(each) !== "T"));
  kill(parent.pid, "SIGTERM");
  await until("it hears again", () => counted(parent, "SIGTERM") === 1);
  kill(pid, "SIGKILL");
  await parent.ended;
});

test("the pipe to the parent is closed in what the child starts", async () => {
  const parent = start(["own", "spawn"]);
  await parent.up();
  const [, pid = ""] = /^spawned (\d+)/m.exec(parent.output()) ?? [];
  const held = readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  expect(held.filter((path) => path.startsWith("socket:"))).toEqual([]);
  kill(Number(pid), "SIGKILL");
  await parent.ended;
});
