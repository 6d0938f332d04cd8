import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { isReady, linesOf, SAVES, saved, startTree, without } from "@/test/asked-tree";
import { temporaryFolder } from "@/test/folders";

/** A hang guard. */
vi.setConfig({ testTimeout: 300_000 });

test("FR-F4 a script that starts one program after the other starts no third once it is stopped", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "all.sh"), 'for n in a b c d; do "$1" "$2/$n" 0.1; done\n');
  for (const [kind, shell] of [
    ["command", "bash"],
    ["scrapy", "bash"],
    ["scrapy", "sh"],
  ] as const) {
    const own = temporaryFolder();
    const tree = startTree(["timeout", "600", shell, join(folder, "all.sh"), SAVES, own]);
    await isReady(join(own, "a"));
    await tree.ask({ kind });
    const signal = kind === "command" ? "SIGTERM" : "SIGINT";
    expect(linesOf(join(own, "a")), `${kind} ${shell}`).toEqual(saved(signal));
    // The second had begun before anybody could know; it is asked, once, and saves.
    if (linesOf(join(own, "b")).length > 1)
      expect(linesOf(join(own, "b")).slice(1)).toEqual([signal, "saved"]);
    expect(linesOf(join(own, "c"))).toEqual([]);
  }
});

test("FR-F4 a script in its pause ends at once, by its trap where it has one", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "trap");
  const plain = startTree(["bash", "-c", `echo ready >> ${file}.plain; while :; do sleep 600; done`]);
  const trap = startTree([
    "sh",
    "-c",
    `trap 'echo saved >> ${file}; exit 3' TERM; echo ready >> ${file}; while :; do sleep 600; done`,
  ]);
  await isReady(file, `${file}.plain`);
  const [one, other] = await Promise.all([plain.ask(), trap.ask()]);
  expect(one.ended).toEqual({ code: null, signal: "SIGTERM" });
  expect(other.ended).toEqual({ code: 3, signal: null });
  expect(linesOf(file)).toEqual(["ready", "saved"]);
});

test.skipIf(without("bash") !== null)(
  `FR-F4 a script's EXIT trap takes nothing from the program it waits for${without("bash") ?? ""}`,
  async () => {
    const folder = temporaryFolder();
    const [file, scratch] = [join(folder, "state"), join(folder, "scratch")];
    const saves = `
import os, signal, sys, time
def tell(line): open(sys.argv[1], "a").write(line + "\\n")
def on(*_): time.sleep(0.5); tell("saved" if os.path.isdir(sys.argv[2]) else "lost"); sys.exit(0)
signal.signal(signal.SIGTERM, on)
tell("ready")
while True: time.sleep(1)`;
    const script = `mkdir "$2"; trap 'rm -rf "$2"' EXIT; python3 -c "$0" "$1" "$2"; :`;
    const tree = startTree(["bash", "-c", script, saves, file, scratch]);
    await isReady(file);
    const { rounds } = await tree.ask();
    expect(linesOf(file)).toEqual(["ready", "saved"]);
    expect(rounds[0]?.processes).toHaveLength(1);
    expect(existsSync(scratch)).toBe(false);
  },
);

/** Node forgets that it was started in the background. */
const NODE_SAVES = [
  process.execPath,
  join(import.meta.dirname, "../../../test/programs/saves-when-asked.mjs"),
];
const shells = ["dash", "bash"].filter((shell) => without(shell) === null);
const pidOf = (file: string) => Number(linesOf(file)[0]?.slice(4));

test("FR-F4 Node programs in the background are asked together, and by a script's trap where it has one", async () => {
  for (const shell of shells) {
    const folder = temporaryFolder();
    const [one, other, own] = ["one", "other", "own"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const both = startTree([
      shell,
      "-c",
      '"$0" "$1" "$2" &\n"$0" "$1" "$3" &\nwait',
      ...NODE_SAVES,
      one,
      other,
    ]);
    const forwards = `trap 'kill -TERM $p; wait $p' TERM; "$0" "$1" "$2" 0.6 & p=$!; wait $p`;
    const entry = startTree([shell, "-c", forwards, ...NODE_SAVES, own]);
    await isReady(one, other, own);
    const pids = [one, other].map(pidOf);
    const [first, trapped] = await Promise.all([both.ask(), entry.ask()]);
    expect(new Set(first.rounds[0]?.processes.map(({ pid }) => pid)), shell).toEqual(new Set(pids));
    expect(
      trapped.rounds[0]?.processes.map(({ pid }) => pid),
      shell,
    ).toEqual([entry.pid]);
    for (const file of [one, other, own]) expect(linesOf(file), shell).toEqual(saved("SIGTERM"));
  }
});

test("FR-F4 a Node program in the background lives until the one in the foreground has saved", async () => {
  const cases = shells.flatMap((shell) => [[SAVES], NODE_SAVES].map((crawls) => ({ shell, crawls })));
  const stop = async ({ shell, crawls }: (typeof cases)[number]) => {
    const folder = temporaryFolder();
    const [proxy, crawl] = [join(folder, "proxy"), join(folder, "crawl")];
    const script = '"$0" "$1" "$2" & shift 2; "$@" 0.6; exit 0';
    const tree = startTree([shell, "-c", script, ...NODE_SAVES, proxy, ...crawls, crawl]);
    await isReady(proxy, crawl);
    const { rounds } = await tree.ask();
    expect(
      rounds[0]?.processes.map(({ pid }) => pid),
      tree.command,
    ).toEqual([pidOf(crawl)]);
    for (const file of [proxy, crawl]) expect(linesOf(file), tree.command).toEqual(saved("SIGTERM"));
  };
  await Promise.all(cases.map(stop));
});
