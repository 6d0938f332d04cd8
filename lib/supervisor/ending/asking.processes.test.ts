import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { afterRound, NOBODY_ASKED } from "@/lib/domain/signals-sent";
import { isReady, linesOf, SAVES, saved, startTree, without } from "@/test/asked-tree";
import { temporaryFolder } from "@/test/folders";
import { until } from "@/test/until";

/** A hang guard: sixteen wrappers at once, on a machine that does other things as well. */
vi.setConfig({ testTimeout: 300_000 });

/** Each with its own file at the end of its command line. */
const WRAPPED: readonly (readonly [needs: string, ...argv: string[]])[] = [
  ["timeout", "timeout", "600"],
  ["timeout", "timeout", "--foreground", "-k", "5", "600"],
  ["tini", "tini", "-s", "--"],
  ["tini", "tini", "-s", "-g", "--"],
  ["dumb-init", "dumb-init"],
  ["dumb-init", "dumb-init", "--single-child"],
  ["nice", "nice", "-n", "5"],
  ["env", "env", "A=1"],
  ["flock", "flock", "LOCK"],
  ["stdbuf", "stdbuf", "-oL"],
  ["xvfb-run", "xvfb-run", "-a"],
  ["npm", "npm", "exec", "--offline", "--"],
  ["bash", "bash", "-c", '"$@"; exit $?', "bash"],
  ["dash", "dash", "-c", '"$@" | tee -a LOCK.out', "dash"],
  ["setsid", "setsid", "--wait"],
  ["script", "timeout", "600", "nice", "flock", "LOCK", "sh", "-c", '"$@"; exit $?', "sh"],
];
const missing = without(...new Set(WRAPPED.map(([needs]) => needs)));
const there = WRAPPED.filter(([needs]) => without(needs) === null);

test.each([
  ["command", "SIGTERM"],
  ["scrapy", "SIGINT"],
] as const)(
  `FR-F3 behind every wrapper the program of a %s job gets one %s, saves, and its wrapper ends with it${missing ?? ""}`,
  async (kind, signal) => {
    const folder = temporaryFolder();
    const cases = there.map(([, ...wrapper], at) => {
      const file = join(folder, String(at));
      const words = wrapper.map((word) => word.replace("LOCK", join(folder, `${at}.lock`)));
      return { file, tree: startTree([...words, SAVES, file], { cwd: folder }) };
    });
    await isReady(...cases.map(({ file }) => file));
    const asked = await Promise.all(
      cases.map(async ({ file, tree }) => ({ ...(await tree.ask({ kind })), file, command: tree.command })),
    );
    for (const { file, command, rounds, ended } of asked) {
      expect(linesOf(file), command).toEqual(saved(signal));
      expect(rounds[0], command).toMatchObject({ signal, asked: "program", step: 0 });
      expect(`pid ${rounds[0]?.processes[0]?.pid}`, command).toBe(linesOf(file)[0]);
      if (!command.includes("tee")) expect(ended, command).toEqual({ code: 7, signal: null });
    }
  },
);

test("FR-F4 tee, a helper and a worker live until their parent has saved", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "state");
  const out = join(folder, "out.txt");
  const tree = startTree(["sh", "-c", `"$0" "$1" 0.6 | tee -a ${out}`, SAVES, file]);
  await isReady(file);
  const { ended } = await tree.ask();
  expect(linesOf(file)).toEqual(saved("SIGTERM"));
  expect(linesOf(out)).toEqual(["ready", "saving"]);
  expect(ended).toEqual({ code: 0, signal: null });

  const worker = join(folder, "item");
  const script = `
import signal, subprocess, sys, time
p = subprocess.Popen(["sh", "-c", "sleep 0.7; echo item >> " + sys.argv[1]])
def on(*_): p.wait(); open(sys.argv[1], "a").write("saved\\n"); sys.exit(0)
signal.signal(signal.SIGTERM, on)
open(sys.argv[1], "a").write("ready\\n")
while True: time.sleep(1)`;
  const parent = startTree(["python3", "-c", script, worker]);
  await isReady(worker);
  await parent.ask();
  expect(linesOf(worker)).toEqual(["ready", "item", "saved"]);
});

const noAwk = without("awk");

test("FR-F4 what stands behind the program in its pipeline reads to the end, however long it takes", async () => {
  const folder = temporaryFolder();
  const [file, out] = [join(folder, "state"), join(folder, "out")];
  const loads = `
import sys, time
lines = sys.stdin.read().splitlines()
time.sleep(1)
open(sys.argv[1], "a").write("loaded " + lines[-1] + "\\n")`;
  const tree = startTree(["sh", "-c", '"$0" "$1" 0.3 | python3 -c "$2" "$3"', SAVES, file, loads, out]);
  await isReady(file);
  expect((await tree.ask()).ended).toEqual({ code: 0, signal: null });
  expect(linesOf(file)).toEqual(saved("SIGTERM"));
  expect(linesOf(out)).toEqual(["loaded saving"]);
});

test.skipIf(noAwk !== null)(
  `FR-F4 a filter behind the program has the time it needs for its last words, and does not hold up a script's pause${noAwk ?? ""}`,
  async () => {
    const folder = temporaryFolder();
    const [file, out, looped] = ["state", "out", "looped"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    // A filter by its name, which takes as long as gzip does with a large file.
    const filter = 'END { system("sleep 1.5"); print "packed" > out }';
    const tree = startTree(["sh", "-c", '"$0" "$1" 0.3 | awk -v out="$2" "$3"', SAVES, file, out, filter]);
    const loop = startTree(["sh", "-c", '{ "$0" "$1" 0.3; sleep 600; } | cat', SAVES, looped]);
    await isReady(file, looped);
    await Promise.all([tree.ask(), loop.ask()]);
    expect(linesOf(out)).toEqual(["packed"]);
    expect(linesOf(looped)).toEqual(saved("SIGTERM"));
  },
);

test("FR-A2 Python that saves on Ctrl-C saves when its job says SIGINT", async () => {
  const file = join(temporaryFolder(), "state");
  const script = `
import sys, time
out = open(sys.argv[1], "a", buffering=1)
out.write("ready\\n")
try:
    while True: time.sleep(1)
except KeyboardInterrupt:
    out.write("interrupted\\n")
finally:
    out.write("saved\\n")`;
  const tree = startTree(["sh", "-c", `python3 -c "$0" "$1" | cat`, script, file]);
  await isReady(file);
  await tree.ask({ profile: { to: "program", sequence: [{ signal: "SIGINT", waitMs: 10_000 }] } });
  expect(linesOf(file)).toEqual(["ready", "interrupted", "saved"]);
});

test("FR-A2 a sequence goes on from step to step, and those who were not asked are asked after two thirds of it", async () => {
  const folder = temporaryFolder();
  const [file, helper] = [join(folder, "program"), join(folder, "helper")];
  const tree = startTree(["sh", "-c", '"$0" "$2" 0.1 & "$0" "$1" 600; wait', SAVES, file, helper]);
  await isReady(file, helper);
  const sequence = [
    { signal: "SIGUSR1", waitMs: 300_000 },
    { signal: "SIGHUP", waitMs: 600_000 },
  ] as const;
  const told = (name: string, line: string) => linesOf(name).includes(line);
  // The last third begins when the first step was heard, and the second step when the helper has saved.
  const sinceMs = () => (told(helper, "saved") ? 899_999 : told(file, "SIGUSR1") ? 600_000 : 0);
  const { rounds } = await tree.ask({ profile: { to: "program", sequence }, sinceMs });
  expect(rounds.slice(0, 3).map(({ signal, asked, step }) => [signal, asked, step])).toEqual([
    ["SIGUSR1", "program", 0],
    ["SIGHUP", "program", 1],
    ["SIGHUP", "others", null],
  ]);
  expect(linesOf(file).slice(1, 3)).toEqual(["SIGUSR1", "SIGHUP"]);
  expect(linesOf(helper).slice(1)).toEqual(["SIGHUP", "saved"]);
});

test("FR-F3 a crawl that takes longer than two thirds of its grace is not asked again by its wrapper, its helpers are", async () => {
  const folder = temporaryFolder();
  const [file, helper] = [join(folder, "crawl"), join(folder, "helper")];
  const inner = `"$0" "$2" 0.1 & exec "$0" "$1" 1.4`;
  const tree = startTree(["timeout", "600", "sh", "-c", inner, SAVES, file, helper]);
  await isReady(file, helper);
  const sequence = [{ signal: "SIGINT", waitMs: 9_000 }] as const;
  const sinceMs = () => (linesOf(file).includes("SIGINT") ? 6_000 : 0);
  const { rounds } = await tree.ask({ kind: "crawlee", profile: { to: "program", sequence }, sinceMs });
  expect(rounds.map(({ asked }) => asked)).toEqual(["program", "others"]);
  expect(linesOf(file)).toEqual(saved("SIGINT"));
  expect(linesOf(helper)).toEqual(saved("SIGINT"));
});

test("FR-F4 everybody is woken: a program that stands still, and a helper it waits for", async () => {
  const file = join(temporaryFolder(), "state");
  const tree = startTree(["timeout", "600", SAVES, file]);
  await isReady(file);
  const inner = Number(linesOf(file)[0]?.slice(4));
  for (const pid of [inner, tree.pid]) process.kill(pid, "SIGSTOP");
  await tree.ask();
  expect(linesOf(file)).toEqual(saved("SIGTERM"));
});

test("FR-F3 a dashboard that takes over asks nobody again, and goes on with the next step", async () => {
  const file = join(temporaryFolder(), "state");
  const tree = startTree(["tini", "-s", "--", SAVES, file, "30"].slice(without("tini") === null ? 0 : 3));
  await isReady(file);
  const sequence = [
    { signal: "SIGUSR1", waitMs: 10_000 },
    { signal: "SIGUSR2", waitMs: 20_000 },
  ] as const;
  const profile = { to: "program", sequence } as const;
  const first = await tree.ask({ profile, until: (rounds) => rounds.length > 0 });
  await until("it was asked", () => linesOf(file).includes("SIGUSR1"));
  const before = first.rounds.reduce(afterRound, NOBODY_ASKED);
  const second = await tree.ask({ profile, before, sinceMs: () => 10_000 });
  expect(second.rounds.map(({ signal, step }) => [signal, step])[0]).toEqual(["SIGUSR2", 1]);
  expect(linesOf(file).slice(1)).toEqual(["SIGUSR1", "SIGUSR2", "twice"]);
});

test("FR-F4 a job may have its process group or its whole tree asked instead", async () => {
  for (const to of ["group", "tree"] as const) {
    const folder = temporaryFolder();
    const [file, mate, away] = ["file", "mate", "away"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const script = '"$0" "$2" & setsid "$0" "$3" & "$0" "$1"; wait';
    const tree = startTree(["sh", "-c", script, SAVES, file, mate, away]);
    await isReady(file, mate, away);
    const { rounds } = await tree.ask({
      profile: { to, sequence: [{ signal: "SIGTERM", waitMs: 10_000 }] },
    });
    const pids = rounds[0]?.processes.map(({ pid }) => `pid ${pid}`);
    expect(pids).toContain(linesOf(file)[0]);
    expect(pids).toContain(linesOf(mate)[0]);
    expect(pids?.includes(linesOf(away)[0] ?? ""), to).toBe(to === "tree");
    for (const each of [file, mate, away]) expect(linesOf(each), to).toEqual(saved("SIGTERM"));
  }
});
