import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { endChild, OURS, startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { type Launcher, type Shell, startLauncher } from "@/test/launcher";
import { isRunning, kill } from "@/test/processes";
import { until } from "@/test/until";
import { readClaim } from "../files/run-files";
import { linuxProcesses } from "./linux";
import { findMembers, type Tree } from "./members";
import { seeWhole } from "./processes";

const linux = linuxProcesses();
const SH: Shell = { name: "sh", command: ["sh"] };
const MARKER = `${OURS}run`;

let folder: string;
let started: number[];
beforeEach(() => {
  folder = temporaryFolder();
  started = [];
});

/** Programs here hide from the marker, so each writes down its pid and is ended by it. */
afterEach(async () => {
  const alive = started.filter(isRunning);
  for (const pid of alive) kill(pid, "SIGKILL");
  await until("everybody is gone", () => !alive.some(isRunning));
});

/** Runs a shell program as a job under a real launcher. `$0` is its folder; it writes pids to files there. */
async function run(script: string): Promise<{ launcher: Launcher; tree: Tree }> {
  const launcher = startLauncher(SH, folder, ["sh", "-c", script, folder], { UNSTUCK_RUN: MARKER });
  const claim = await until("the launcher has claimed", () => readClaim(launcher.files));
  started.push(launcher.pid);
  const identity = claim.by === "launcher" ? claim.identity : null;
  return { launcher, tree: { marker: MARKER, launcher: identity, payload: null, sessions: new Map() } };
}

/** The pid a program has written to a file of this name. */
async function pidOf(name: string): Promise<number> {
  const pid = await until(`${name} has written its pid`, () => {
    try {
      return Number(/^(\d+)\n$/.exec(readFileSync(join(folder, name), "latin1"))?.[1]);
    } catch {
      return false;
    }
  });
  started.push(pid);
  return pid;
}

/** One that is just becoming another program has no marker, and a look that meets it is not whole. Where others start processes all the time none is. */
async function members(tree: Tree): Promise<number[]> {
  for (let left = 20; ; left -= 1) {
    const { seen, whole } = await seeWhole(linux, () => findMembers(linux, tree));
    if (whole || left === 0) return seen.map((info) => info.pid).sort((a, b) => a - b);
  }
}
const sorted = (...pids: number[]) => pids.sort((a, b) => a - b);

/** Writes its pid and waits for good, under whatever environment it is started. */
const sleeper = (name: string) => `sh -c 'echo $$ > ${name}; exec sleep 300'`;

describe("a run's processes are", () => {
  test("its program and the children of it, and not its launcher", async () => {
    const { tree } = await run(`echo $$ > main; ${sleeper("a")} & ${sleeper("b")} & wait`);
    const pids = [await pidOf("main"), await pidOf("a"), await pidOf("b")];
    expect(await members(tree)).toEqual(sorted(...pids));
  });

  test("a grandchild in a session of its own", async () => {
    const { tree } = await run(`echo $$ > main; setsid ${sleeper("a")} & wait`);
    const [main, a] = [await pidOf("main"), await pidOf("a")];
    expect(linux.read(a)?.session).toBe(a);
    expect(await members(tree)).toEqual(sorted(main, a));
  });

  test("a daemon that forked twice and whose parents are gone", async () => {
    const { tree } = await run(
      `echo $$ > main; (setsid sh -c '${sleeper("a").replaceAll("'", `'"'"'`)} & exit' &); exec sleep 300`,
    );
    const [main, a] = [await pidOf("main"), await pidOf("a")];
    await until("its parents are gone", () => ![main].includes(linux.read(a)?.parent ?? main) && orphaned(a));
    expect(await members(tree)).toEqual(sorted(main, a));
  });

  test("one that cleared its environment and lost its parent, as long as it is in the launcher's session", async () => {
    const { tree } = await run(`echo $$ > main; (env -i ${sleeper("a")} &); exec sleep 300`);
    const [main, a] = [await pidOf("main"), await pidOf("a")];
    await until("its parent is gone", () => orphaned(a));
    expect(linux.marker(a)).toBeNull();
    expect(await members(tree)).toEqual(sorted(main, a));
  });

  test("one that cleared its environment and left the session, as long as its parent is known", async () => {
    const { tree } = await run(`echo $$ > main; env -i setsid ${sleeper("a")} & wait`);
    const [main, a] = [await pidOf("main"), await pidOf("a")];
    expect(await members(tree)).toEqual(sorted(main, a));
  });

  test("the program itself when it cleared its environment and left the session", async () => {
    const { tree } = await run(`exec env -i setsid ${sleeper("main")}`);
    const main = await pidOf("main");
    expect([linux.marker(main), linux.read(main)?.session]).toEqual([null, main]);
    expect(await members(tree)).toEqual([main]);
  });

  test("such a program also when its launcher is gone, by its own identity and never by its number alone", async () => {
    const { launcher, tree } = await run(`exec env -i setsid ${sleeper("main")}`);
    const main = await pidOf("main");
    await endChild(launcher);
    const startTicks = linux.read(main)?.startTicks ?? 0;
    const known = (ticks: number) => ({
      ...tree,
      sessions: new Map<number, number>(),
      payload: { pid: main, startTicks: ticks },
    });
    expect(await members(known(startTicks))).toEqual([main]);
    expect(await members(known(startTicks - 1))).toEqual([]);
  });

  test("the rest of a session whose leader, a member, was seen before it went", async () => {
    const leader = `echo $$ > leader; ${sleeper("a")} & while [ ! -e leave ]; do sleep 0.05; done`;
    const { tree } = await run(
      `echo $$ > main; env -i PATH="$PATH" setsid sh -c "${leader.replaceAll("$", "\\$")}"; exec sleep 300`,
    );
    const [main, lead, a] = [await pidOf("main"), await pidOf("leader"), await pidOf("a")];
    expect(await members(tree)).toEqual(expect.arrayContaining(sorted(main, lead, a)));
    const touch = startChild("touch", [join(folder, "leave")]);
    await touch.ended;
    await until("the leader is gone", () => !isRunning(lead) && orphaned(a));
    expect(await members(tree)).toEqual(sorted(main, a));
  });

  test("those with its marker when its launcher is gone", async () => {
    const { launcher, tree } = await run(`echo $$ > main; setsid ${sleeper("a")} & wait`);
    const [main, a] = [await pidOf("main"), await pidOf("a")];
    await endChild(launcher);
    expect(await members(tree)).toEqual(sorted(main, a));
  });

  test("known by the marker alone when the launcher never became known", async () => {
    const { tree } = await run(`echo $$ > main; exec sleep 300`);
    const main = await pidOf("main");
    const found = await members({ ...tree, launcher: null });
    expect(found).toContain(main);
  });
});

describe("never a run's process is", () => {
  test("one of another run that it started itself, nor what that one started", async () => {
    const other = `UNSTUCK_RUN=${OURS}other setsid sh -c 'echo $$ > other; ${sleeper("deep").replaceAll("'", `'"'"'`)} & wait'`;
    const { tree } = await run(`echo $$ > main; ${other} & wait`);
    const [main, nested, deep] = [await pidOf("main"), await pidOf("other"), await pidOf("deep")];
    const found = await members(tree);
    expect(found).toEqual([main]);
    expect(found).not.toContain(nested);
    expect(found).not.toContain(deep);
  });

  test("a stranger, this program, what is above it, or init", async () => {
    const stranger = startChild("sleep", ["300"], {
      env: { UNSTUCK_RUN: `${OURS}stranger` },
    });
    const { tree } = await run(`echo $$ > main; exec sleep 300`);
    const main = await pidOf("main");
    expect(await members(tree)).toEqual([main]);
    await endChild(stranger);
  });

  test("somebody who got the launcher's number later, with all of that session", async () => {
    const later = startChild("sh", ["-c", "sleep 300 & echo $! > $0/child; wait", folder], {
      detached: true,
      env: { UNSTUCK_RUN: `${OURS}stranger` },
    });
    const child = await pidOf("child");
    const startTicks = linux.read(later.pid)?.startTicks ?? 0;
    const tree = {
      marker: MARKER,
      launcher: { pid: later.pid, startTicks: startTicks - 1 },
      payload: null,
      sessions: new Map<number, number>(),
    };
    expect(await members(tree)).toEqual([]);
    kill(child, "SIGKILL");
    await endChild(later);
  });

  test("one whose marker merely begins like ours", async () => {
    const alike = startChild("sleep", ["300"], { env: { UNSTUCK_RUN: `${MARKER}x` } });
    await until("it is there", () => linux.marker(alike.pid) === `${MARKER}x`);
    expect(await members({ marker: MARKER, launcher: null, payload: null, sessions: new Map() })).toEqual([]);
    await endChild(alike);
  });
});

/** Its parent has gone, and somebody not of this run has taken it in. */
function orphaned(pid: number): boolean {
  const parent = linux.read(linux.read(pid)?.parent ?? 0);
  return parent === null || parent.pid === 1 || linux.marker(parent.pid) !== MARKER;
}
